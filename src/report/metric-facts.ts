import type { StepRecord } from './record.js';

export type ReportMetricId = keyof StepRecord['metrics'];

/** What a metric says about itself, for those who show its numbers. */
export interface MetricFacts {
  readonly title: string;
  /** 'unitless', 'nats', 'embedding units', 'embedding units²'. */
  readonly unit: string;
  /** Where collapse lies: a falling or a rising value; null where it depends. */
  readonly collapse: 'low' | 'high' | null;
  readonly range: string;
  readonly definition: string;
  readonly detects: string;
  /** Where it comes from. */
  readonly source: string;
  /** One of the reference's seven, which every table shows. */
  readonly isReference: boolean;
}

export type MetricCatalogue = Readonly<Partial<Record<ReportMetricId, MetricFacts>>>;
