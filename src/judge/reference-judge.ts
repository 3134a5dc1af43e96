import { type CollapseError, InputError, NoDataError } from '#errors.js';
import type { MetricId } from '#metrics/ids.js';
import { METRICS } from '#metrics/index.js';
import { metricsOfBatchSize } from '#normal/calibrate.js';
import { finiteOrNull } from '#normal/curves.js';
import { identityApart, identityOf, rowsApart, rowsText } from '#normal/identity.js';
import { PreparedRuns } from '#normal/reference-runs.js';
import { type Compared, ReferenceSeries, type ReferenceStep } from '#normal/reference-series.js';
import type { JudgePlan } from '#plan.js';
import type { Identity, ReferenceData } from '#report/normal.js';
import type { StepRecord } from '#report/record.js';
import type { ReportRun, ReportStep } from '#report/types.js';
import { marginOf } from '#rules/language/comparison.js';
import type { OutsideRule, RuleFinding, RuleSkip } from '#rules/language/rule.js';
import type { StepJudgement } from '#rules/series/judgement.js';
import type { MetricValues } from '#rules/series/values.js';
import { asRule } from './outside-rule.js';

/** What a reference says of one step: for rules that are a share of it, by the rules of what is outside, and for reports. */
export interface ReferenceJudgement extends Pick<StepJudgement, 'alerts' | 'held' | 'pending' | 'skipped'> {
  readonly reference: MetricValues;
  readonly noReference: string | undefined;
  readonly report: Pick<ReportStep, 'reference'>;
}

/** Preparing the runs takes a fraction of a second, and a watch judges again and again. By the metrics that are left out. */
const PREPARED = new WeakMap<ReferenceData, Map<string, PreparedRuns>>();

/** Prepares the runs by the metrics that the run has as well: how far they are from each other is of no others. */
function preparedOf(reference: ReferenceData, left: ReadonlyMap<MetricId, string>): PreparedRuns {
  const known = PREPARED.get(reference) ?? new Map<string, PreparedRuns>();
  PREPARED.set(reference, known);
  const metrics = reference.metrics.filter((id) => !left.has(id));
  const prepared = known.get(metrics.join()) ?? new PreparedRuns({ ...reference, metrics });
  known.set(metrics.join(), prepared);
  return prepared;
}

/** Says why metrics of a reference are left out for a run: it has no value of them, or they depend on its batch size. */
function leftOutFor(
  reference: ReferenceData,
  { rows }: Identity,
  records: readonly StepRecord[],
): Map<MetricId, string> {
  const isMissing = (id: MetricId) => records.every(({ metrics }) => finiteOrNull(metrics[id]) === null);
  const ofBatches = rowsApart(reference.identity.rows, rows) === 'same' ? [] : metricsOfBatchSize(reference);
  const batches = `rows ${rowsText(reference.identity.rows)} in the reference, and ${rowsText(rows)} here`;
  return new Map([
    ...reference.metrics.filter(isMissing).map((id): [MetricId, string] => [id, 'the run has no value']),
    ...ofBatches.map((id): [MetricId, string] => [id, batches]),
  ]);
}

/** Judges the steps of one run by a reference. */
export class ReferenceJudge {
  readonly #reference: ReferenceData;
  readonly #runs: PreparedRuns;
  readonly #rules: readonly OutsideRule[];
  readonly #series: ReferenceSeries;
  /** In what the run is of something else; null: in nothing. */
  readonly #apart: string | null;
  readonly #notJudged = new Map<string, { metric: MetricId; reason: string; steps: number }>();
  #last: ReferenceStep | null = null;
  #judged = 0;
  #since: Pick<NonNullable<ReportRun['reference']>, 'since' | 'by'> = { since: null };

  constructor(
    reference: ReferenceData,
    { outside }: Pick<JudgePlan, 'outside'>,
    records: readonly StepRecord[],
  ) {
    const identity = identityOf(records);
    this.#reference = reference;
    this.#rules = outside;
    this.#apart = identityApart(reference.identity, identity);
    const left = leftOutFor(reference, identity, records);
    this.#runs = preparedOf(reference, left);
    this.#series = new ReferenceSeries(this.#runs, left);
  }

  judge({ step, metrics }: Pick<StepRecord, 'step' | 'metrics'>): ReferenceJudgement {
    if (this.#apart !== null) return nothing(this.#rules, 'the reference is of something else');
    const found = this.#series.next(step, metrics);
    this.#last = found;
    for (const { metric, reason } of found.notJudged) {
      const known = this.#notJudged.get(`${metric} ${reason}`) ?? { metric, reason, steps: 0 };
      this.#notJudged.set(`${metric} ${reason}`, { ...known, steps: known.steps + 1 });
    }
    if (found.reason !== null) return nothing(found.isBetween ? [] : this.#rules, found.reason);
    const isJudged = ({ bound }: Compared) => bound !== null || this.#reference.alpha === null;
    if (found.metrics.some(isJudged)) this.#judged += 1;
    const after = this.#rules.filter((rule) => rule.after === null || (step ?? 0) > rule.after);
    const findings = after.flatMap((rule) => findingOf(rule, found) ?? []);
    const isOutside = ({ rule }: RuleFinding) => found.lasts >= rule.forSteps;
    const alerts = findings.filter(isOutside);
    const held = findings.filter((one) => !isOutside(one));
    if (alerts.length > 0 && this.#since.since === null) this.#since = { since: step, by: [...found.by] };
    return {
      alerts,
      held,
      pending: found.lasts > 0 ? held : [],
      skipped: (findings.length > 0 ? [] : after).map((rule) => ({
        rule: asRule(rule),
        reason: 'no metric of the reference has a value',
      })),
      reference: Object.fromEntries(found.metrics.map(({ id, centre }) => [id, centre])),
      noReference: undefined,
      report: { reference: reportOf(found, this.#reference.alpha) },
    };
  }

  /** What the reports say of the run. */
  get report(): Pick<ReportRun, 'reference'> {
    if (this.#apart !== null || this.#last === null) return {};
    const isBand = this.#reference.alpha !== null;
    return {
      reference: {
        p: isBand ? this.#last.p : null,
        ...this.#since,
        judged: this.#judged,
        lastStep: this.#runs.lastStep,
        notJudged: [...this.#notJudged.values()],
      },
    };
  }

  /** Says why the run is not judged by the reference; null where it is, or may be once it is further. */
  error(run: string, isSeries: boolean): CollapseError | null {
    const { path } = this.#reference;
    if (this.#apart !== null) {
      return new InputError(
        'E236',
        `the reference ${path} and ${run} are of different things: ${this.#apart}`,
        {
          path: run,
        },
      );
    }
    const last = this.#last;
    if (last === null || this.#judged > 0 || (isSeries && last.reason?.includes('begins') === true))
      return null;
    const why = last.reason ?? 'no metric of it has a value here';
    return new NoDataError('E306', `the reference ${path} judges no step: ${why}`, { path: run });
  }
}

/** What decides: of a run that is outside the metric furthest away, or else the one nearest to its bound; null without one. */
function findingOf(rule: OutsideRule, { metrics, by, limit }: ReferenceStep): RuleFinding | null {
  const findings = metrics.flatMap(({ id, value, bound }): RuleFinding[] => {
    if (bound === null) return [];
    const operator = METRICS[id].collapse === 'high' ? '>' : '<';
    return [{ rule: asRule(rule, id, operator), value, threshold: bound }];
  });
  const [furthest, ...beside] = by;
  const own = findings.find((finding) => finding.rule.metric === furthest);
  if (own !== undefined && limit !== null) {
    return { ...own, threshold: limit, ...(beside.length > 0 && { beside }) };
  }
  const margin = ({ rule: { operator }, value, threshold }: RuleFinding) =>
    marginOf({ operator, value, threshold });
  return findings.sort((a, b) => margin(a) - margin(b))[0] ?? null;
}

function nothing(rules: readonly OutsideRule[], reason: string): ReferenceJudgement {
  const skipped: RuleSkip[] = rules.map((rule) => ({ rule: asRule(rule), reason }));
  return { alerts: [], held: [], pending: [], skipped, reference: {}, noReference: reason, report: {} };
}

function reportOf(
  { metrics, lasts, p }: ReferenceStep,
  alpha: number | null,
): NonNullable<ReportStep['reference']> {
  return {
    p: alpha === null ? null : p,
    ...(lasts > 0 && { lasts }),
    metrics: Object.fromEntries(
      metrics.map(({ id, centre, bound, deviation }) => [
        id,
        { reference: centre, bound, ...(deviation !== null && { deviation }) },
      ]),
    ),
  };
}
