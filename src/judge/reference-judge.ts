import { type CollapseError, InputError, NoDataError } from '#errors.js';
import type { MetricId } from '#metrics/ids.js';
import { METRICS } from '#metrics/index.js';
import { metricsOfBatchSize } from '#normal/calibrate.js';
import { identityApart, identityOf, rowsApart, rowsText } from '#normal/identity.js';
import { PreparedRuns } from '#normal/reference-runs.js';
import { type Compared, ReferenceSeries, type ReferenceStep } from '#normal/reference-series.js';
import type { JudgePlan } from '#plan.js';
import type { ReferenceData } from '#report/normal.js';
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

/** Preparing the runs takes a fraction of a second, and a watch judges again and again. */
const PREPARED = new WeakMap<ReferenceData, PreparedRuns>();

function preparedOf(reference: ReferenceData): PreparedRuns {
  const known = PREPARED.get(reference) ?? new PreparedRuns(reference);
  PREPARED.set(reference, known);
  return known;
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
  #since: number | null = null;

  constructor(
    reference: ReferenceData,
    { outside }: Pick<JudgePlan, 'outside'>,
    records: readonly StepRecord[],
  ) {
    const identity = identityOf(records);
    this.#reference = reference;
    this.#runs = preparedOf(reference);
    this.#rules = outside;
    this.#apart = identityApart(reference.identity, identity);
    const batches = `rows ${rowsText(reference.identity.rows)} in the reference, and ${rowsText(identity.rows)} here`;
    const left =
      rowsApart(reference.identity.rows, identity.rows) === 'same' ? [] : metricsOfBatchSize(reference);
    this.#series = new ReferenceSeries(this.#runs, new Map(left.map((id) => [id, batches])));
  }

  judge({ step, metrics }: StepRecord): ReferenceJudgement {
    if (this.#apart !== null) return nothing(this.#rules, 'the reference is of something else');
    const found = this.#series.next(step, metrics);
    this.#last = found;
    for (const { metric, reason } of found.notJudged) {
      const known = this.#notJudged.get(`${metric} ${reason}`) ?? { metric, reason, steps: 0 };
      this.#notJudged.set(`${metric} ${reason}`, { ...known, steps: known.steps + 1 });
    }
    if (found.reason !== null) return nothing(found.isBetween ? [] : this.#rules, found.reason);
    if (found.metrics.length > 0) this.#judged += 1;
    const after = this.#rules.filter((rule) => rule.after === null || (step ?? 0) > rule.after);
    const findings = after.map((rule) => findingOf(rule, found.metrics));
    const isOutside = ({ lasts, rule }: Found) => lasts >= rule.forSteps;
    const alerts = findings.flatMap((one) => (one !== null && isOutside(one) ? [one] : []));
    const held = findings.flatMap((one) => (one !== null && !isOutside(one) ? [one] : []));
    if (alerts.length > 0) this.#since ??= step;
    return {
      alerts,
      held,
      pending: held.filter(({ lasts }) => lasts > 0),
      skipped: after.flatMap((rule, i) =>
        findings[i] === null
          ? [{ rule: asRule(rule), reason: 'no metric of the reference has a value' }]
          : [],
      ),
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
        since: this.#since,
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

interface Found extends RuleFinding {
  readonly lasts: number;
}

/** Takes the metric that has been outside longest, and of equals the one furthest beyond its bound; null without one. */
function findingOf(rule: OutsideRule, metrics: readonly Compared[]): Found | null {
  const found = metrics.flatMap(({ id, value, bound, lasts }): Found[] => {
    if (bound === null || value === null) return [];
    const operator = METRICS[id].collapse === 'high' ? '>' : '<';
    return [{ rule: asRule(rule, id, operator), value, threshold: bound, lasts }];
  });
  const margin = ({ rule: { operator }, value, threshold }: Found) =>
    marginOf({ operator, value, threshold });
  const [worst = null] = found.sort((a, b) => b.lasts - a.lasts || margin(a) - margin(b));
  return worst;
}

function nothing(rules: readonly OutsideRule[], reason: string): ReferenceJudgement {
  const skipped: RuleSkip[] = rules.map((rule) => ({ rule: asRule(rule), reason }));
  return { alerts: [], held: [], pending: [], skipped, reference: {}, noReference: reason, report: {} };
}

function reportOf({ metrics, p }: ReferenceStep, alpha: number | null): NonNullable<ReportStep['reference']> {
  return {
    p: alpha === null ? null : p,
    metrics: Object.fromEntries(
      metrics.map(({ id, centre, bound, lasts }) => [
        id,
        { reference: centre, bound, ...(lasts === 0 ? {} : { lasts }) },
      ]),
    ),
  };
}
