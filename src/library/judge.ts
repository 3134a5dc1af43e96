import { InputError } from '#errors.js';
import type { ReadyPlan } from '#judge/by-reference.js';
import { gate } from '#judge/gate.js';
import { ReferenceJudge } from '#judge/reference-judge.js';
import { optionsObject } from '#monitor/options-object.js';
import { CollapseThresholds, type CollapseThresholdsOptions } from '#monitor/thresholds.js';
import type { ReferenceRuns } from '#normal/reference-runs.js';
import type { ReferenceData } from '#report/normal.js';
import { parseRule } from '#rules/language/parse-rule.js';
import type { Level, Rule } from '#rules/language/rule.js';
import { activeRules, defaultPresets, PRESET_IDS, type PresetId } from '#rules/presets/presets.js';
import { REFERENCE_RULE } from '#rules/presets/reference.js';
import { rulesOfHorizons } from '#rules/presets/rules-of-horizons.js';
import { checkInitialDistance } from '#rules/series/initial-distance.js';
import type { Judged } from './judged.js';
import type { StepRecord } from './step-record.js';

/** How `judge` judges; all of it may be left out. */
export interface JudgeOptions {
  /** All at level error. Unless given `jepa` decides, and of `rfc-0005` a supplied `kl_reg`; its other criteria warn. */
  readonly presets?: readonly PresetId[] | undefined;
  /** Further rules, as `parseRule` reads or gives them. */
  readonly failIf?: readonly (string | Rule)[] | undefined;
  readonly warnIf?: readonly (string | Rule)[] | undefined;
  /** Ids of rules that are left out. */
  readonly ignore?: readonly string[] | undefined;
  /** Only steps greater than this are judged, to leave out a warm-up. Step 0 never is. */
  readonly after?: number | undefined;
  /** Whose alerts decide: those of every judged step, as unless given, or of each run's newest. */
  readonly judge?: 'all' | 'latest' | undefined;
  /** Of the preset `rfc-0005`. */
  readonly thresholds?: CollapseThresholdsOptions | undefined;
  /** Replaces the first judged step's distance as the baseline of `rfc-0005`; in the embeddings' unit. */
  readonly initialPairwisePredDistMean?: number | null | undefined;
  /** What `collapse calibrate` wrote, as JSON.parse gives it: a run that is outside of it alerts. */
  readonly reference?: ReferenceRuns | undefined;
}

/**
 * Judges the steps of runs, in whatever order they come: the verdict of `collapse gate`, with the kind of collapse, the step it
 * began at, the last good step and what helps. Nothing is remembered between calls: pass all records of a run each time.
 * A value that is missing or not finite is a skip with a reason, never a pass.
 *
 * @throws InputError E224 for what is no record or no option, E232 where a step of a run comes twice, E233 where records of a run
 * were measured with different settings; UsageError E110 for a rule that cannot be read.
 *
 * @example
 * const records = [100, 200, 300].map((step) => measureStep({ step, prediction, target }));
 * const { status, runs: [run] } = judge(records);
 * if (status === 'alert') console.error(run.diagnosis.label, run.diagnosis.began, run.diagnosis.remedy);
 */
export function judge(records: readonly StepRecord[], options?: JudgeOptions): Judged {
  const plan = planOf(optionsObject(options));
  refuseUnknownIgnored(plan);
  if (!Array.isArray(records) || !records.every(isRecord)) {
    throw new InputError('E224', 'records must be an array of what measureStep gives', {
      fields: { argument: 'records' },
    });
  }
  const { status, exitCode, exitReason, runs, errors } = gate(records, plan, '');
  const plain = runs.map((run) => ({ ...run, steps: run.steps.map((step) => ({ ...step })) }));
  return { status, exitCode, exitReason, runs: plain, errors };
}

function isRecord(record: unknown): boolean {
  const { type, run, step, metrics, unavailable, fingerprint } = (record ?? {}) as Record<string, unknown>;
  const isObject = (value: unknown) => typeof value === 'object' && value !== null;
  return (
    type === 'step' &&
    typeof run === 'string' &&
    (step === null || (typeof step === 'number' && step >= 0)) &&
    [metrics, unavailable, fingerprint].every(isObject)
  );
}

function planOf(options: JudgeOptions): ReadyPlan {
  const { presets, failIf = [], warnIf = [], ignore = [], after = null, judge: deciding = 'all' } = options;
  for (const [name, list] of Object.entries({ presets: presets ?? [], failIf, warnIf, ignore })) {
    if (!Array.isArray(list)) throw refused(name, list, 'an array');
  }
  if (after !== null && !(Number.isFinite(after) && after >= 0)) throw refused('after', after, 'a step');
  if (deciding !== 'all' && deciding !== 'latest') throw refused('judge', deciding, "'all' or 'latest'");
  for (const id of presets ?? []) {
    if (!PRESET_IDS.includes(id)) throw refused('presets', id, PRESET_IDS.join(' or '));
  }
  const reference = options.reference === undefined ? null : checkedReference(options.reference);
  return {
    ...new CollapseThresholds(options.thresholds),
    presets: presets?.map((id) => ({ id, level: 'error' as const })) ?? defaultPresets(),
    rules: [...rulesOf(failIf, 'error'), ...rulesOf(warnIf, 'warn')],
    outside: reference === null || ignore.includes(REFERENCE_RULE.id) ? [] : [REFERENCE_RULE],
    reference,
    ...(reference === null ? {} : { judgeReference: (...run) => new ReferenceJudge(reference, ...run) }),
    ignored: ignore,
    initialPairwisePredDistMean: checkInitialDistance(options.initialPairwisePredDistMean),
    logEverySteps: 1,
    after,
    judge: deciding,
    failOn: 'error',
    onUnavailable: 'skip',
    exitZero: false,
  };
}

function refuseUnknownIgnored({ presets, rules, ignored, ...thresholds }: ReadyPlan): void {
  const active = activeRules(presets, rules, thresholds);
  const ids = [...active, ...rulesOfHorizons(active), REFERENCE_RULE].map(({ id }) => id);
  const unknown = ignored.find((id) => !ids.includes(id));
  if (unknown !== undefined) throw refused('ignore', unknown, 'ids of rules that judge');
}

function rulesOf(rules: readonly (string | Rule)[], level: Level): Rule[] {
  return rules.map((rule) => (typeof rule === 'string' ? parseRule(rule, level) : { ...rule, level }));
}

/** One object a reference, of which its runs are prepared once. */
const REFERENCES = new WeakMap<ReferenceRuns, ReferenceData>();

/** Its runs are checked where they are prepared. */
function checkedReference(reference: ReferenceRuns): ReferenceData {
  const { identity } = (reference ?? {}) as Partial<ReferenceData>;
  if (typeof identity !== 'object') throw refused('reference', reference, 'what `collapse calibrate` wrote');
  const known = REFERENCES.get(reference) ?? { ...(reference as ReferenceData), path: 'reference' };
  REFERENCES.set(reference, known);
  return known;
}

function refused(argument: string, actual: unknown, expected: string): InputError {
  return new InputError('E224', `${argument} must be ${expected}, not ${String(actual)}`, {
    fields: { argument, actual },
  });
}
