import type { MetricId } from '#metrics/ids.js';
import type { StepHorizons, StepRecord } from '#report/record.js';
import type { Diagnoser, Diagnosis, DiagnosisLabel } from '#rules/diagnosis/diagnose.js';
import type { Rule, RuleAlert } from '#rules/language/rule.js';
import { MIN_HORIZON_ROWS, ruleOfWhole } from '#rules/presets/rules-of-horizons.js';
import type { StepJudgement } from '#rules/series/judgement.js';
import { type HorizonValues, RuleSeries } from '#rules/series/series.js';

/** Converts a record's horizons to what the rules see; none where they were not measured one by one. */
export function horizonValues({ horizons }: Pick<StepRecord, 'horizons'>): HorizonValues[] {
  if (horizons === undefined) return [];
  const { numbers, metrics, unavailable } = horizons;
  const ids = Object.keys(metrics) as MetricId[];
  return numbers.map((number, i) => ({
    number,
    values: Object.fromEntries(ids.map((id) => [id, metrics[id]?.[i] ?? null])),
    unavailable: Object.fromEntries(
      (Object.keys(unavailable) as MetricId[]).flatMap((id) => {
        const found = unavailable[id]?.find(({ horizons }) => horizons.includes(number));
        return found === undefined ? [] : [[id, found.reason]];
      }),
    ),
  }));
}

export interface JudgedHorizons {
  /** What each horizon shows, where they were asked for; else null. */
  readonly labels: DiagnosisLabel[] | null;
  readonly alerts: readonly RuleAlert[];
  /** Of the first horizon that has collapsed; null where none has. */
  readonly diagnosis: Diagnosis | null;
}

const NONE: JudgedHorizons = { labels: null, alerts: [], diagnosis: null };

/**
 * Judges each horizon of a run, step by step, as if it were a run of its own. One that --per-step-axis asked for and that has
 * rows enough decides as the whole does; what is found at others, and at the indices of a short axis that nobody named,
 * is a warning.
 */
export class HorizonJudge {
  readonly #series: RuleSeries;
  readonly #byNumber = new Map<number, Diagnoser>();

  readonly #newDiagnoser: () => Diagnoser;

  /** @param rules Of `rulesOfHorizons`. */
  constructor(rules: readonly Rule[], newDiagnoser: () => Diagnoser) {
    this.#series = new RuleSeries(rules);
    this.#newDiagnoser = newDiagnoser;
  }

  noteUntrained(record: StepRecord): void {
    const horizons = record.horizons ?? record.positions;
    if (horizons === undefined) return;
    const values = horizonValues({ horizons });
    this.#series.noteUntrained({ values: {}, horizons: values });
    for (const own of values) this.#diagnoserOf(own.number).noteUntrained(own.values);
  }

  judge(record: StepRecord, whole: StepJudgement): JudgedHorizons {
    const asked = record.horizons !== undefined;
    const horizons = record.horizons ?? record.positions;
    if (horizons === undefined) return NONE;
    const values = horizonValues({ horizons });
    const judgement = this.#series.judge({ step: record.step, values: {}, horizons: values });
    const diagnoses = values.map(({ number, ...own }) => ({
      horizon: number,
      ...this.#diagnoserOf(number).judge({ step: record.step, ...own }),
    }));
    const labels = asked ? diagnoses.map(({ label }) => label) : null;
    const isExplained = !asked && whole.alerts.some(({ rule }) => rule.kind !== undefined);
    if (isExplained) return NONE;
    const ofWhole = new Set(whole.alerts.map(({ rule }) => rule.id));
    const alerts = judgement.alerts
      .filter(
        (alert) => !ofWhole.has(ruleOfWhole(alert.rule.id) ?? '') && (asked || standsOut(alert, record)),
      )
      .map((alert) => ofLevel(mostRows(alert, judgement, horizons), horizons, asked));
    const alerted = new Set(alerts.map(({ rule }) => rule.kind));
    const found = diagnoses.find(({ label }) => [...alerted].some((kind) => kind === label));
    return { labels, alerts, diagnosis: found ?? null };
  }

  #diagnoserOf(number: number): Diagnoser {
    const known = this.#byNumber.get(number) ?? this.#newDiagnoser();
    this.#byNumber.set(number, known);
    return known;
  }
}

/** Where all positions have a weak prediction, as early on, one that nobody named as a horizon must be far below them. */
function standsOut({ rule: { metric }, value }: RuleAlert, { metrics }: StepRecord): boolean {
  const usual = metrics.pred_target_sample_var_ratio;
  return metric !== 'pred_target_var_ratio' || usual == null || value < 0.1 * usual;
}

/** Takes in place of a horizon of few rows one with rows enough that breaks the same rule. */
function mostRows(alert: RuleAlert, { horizons: judged }: StepJudgement, horizons: StepHorizons): RuleAlert {
  if (hasRows(alert.horizon, horizons)) return alert;
  for (const { horizon, judgement } of judged) {
    const same = judgement.alerts.find(({ rule }) => rule.id === alert.rule.id);
    if (same !== undefined && hasRows(horizon, horizons)) return { ...same, rule: alert.rule, horizon };
  }
  return alert;
}

function ofLevel(alert: RuleAlert, horizons: StepHorizons, asked: boolean): RuleAlert {
  if (asked && hasRows(alert.horizon, horizons)) return alert;
  return { ...alert, rule: { ...alert.rule, level: 'warn' } };
}

function hasRows(horizon: number | undefined, { numbers, rows }: StepHorizons): boolean {
  return (rows[numbers.indexOf(horizon ?? 0)] ?? 0) >= MIN_HORIZON_ROWS;
}
