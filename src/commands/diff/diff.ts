import { InputError, NoDataError, UsageError } from '#errors.js';
import { exitCodeOfError, worstExitCode } from '#exit-code.js';
import { readyToJudge } from '#judge/by-reference.js';
import { gate } from '#judge/gate.js';
import { diffRuns } from '#normal/diff.js';
import { identityApart } from '#normal/identity.js';
import type { FlagValues } from '#options/flags.js';
import { judgePlanOf } from '#options/plan/judge-plan.js';
import type { JudgePlan } from '#plan.js';
import type { MeasureRecord } from '#report/record.js';
import type { Diff, Report, ReportRun } from '#report/types.js';
import { REFERENCE_RULE } from '#rules/presets/reference.js';
import type { CommandContext } from '../input/context.js';
import { planFor } from '../input/plan-for.js';
import { publishDiff } from './publish-diff.js';
import { readSide, type Side } from './sides.js';

/** Compares a run with a golden one; returns 0, or 1 where a rule of the user's own alerts. */
export async function diff(
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<number> {
  const [pathA, pathB, ...more] = paths;
  if (pathA === undefined || pathB === undefined || more.length > 0) {
    throw new UsageError(
      'E103',
      `diff takes two runs, and ${paths.length === 0 ? 'none' : paths.length} ${paths.length === 1 ? 'is' : 'are'} given`,
      {
        hint: 'name the golden run first: `collapse diff runs/main runs/new`',
      },
    );
  }
  const planned = await planFor('diff', paths, given, context);
  const { flags, plan } = planned;
  const a = await readSide(pathA, pathA, planned, context);
  const b = await readSide(pathB, pathB === pathA ? `${pathB} (2)` : pathB, planned, context);
  if (b.records.length === 0) {
    throw new UsageError('E104', `${pathB} is a normal, and the second of the two must be a run`);
  }
  const apart = identityApart(a.reference.identity, b.reference.identity);
  if (apart !== null) {
    throw new InputError('E236', `${a.name} and ${b.name} are of different things: ${apart}`, {
      path: b.name,
      hint: 'compare runs of one recipe, measured with the same flags',
    });
  }
  const compared = diffRuns(a.reference, b.reference.runs[0]!);
  if (compared.steps.length === 0) {
    throw new NoDataError(
      'E306',
      `${a.name} and ${b.name} have no step in common that both have a value at`,
      {
        hint: 'compare runs that are saved at the same steps, or calibrate on runs that reach these',
      },
    );
  }
  const verdicts = await verdictsOf(a, b, flags, context.version);
  const ruled = await ruledBy(a, b, plan.judging, context.version);
  const problems = [...a.problems, ...b.problems];
  const errors = problems.flatMap((record) => (record.type === 'error' ? [withoutType(record)] : []));
  const codes = errors.map(({ code }) => exitCodeOfError(code));
  const exitCode = worstExitCode([...codes, ruled?.exitCode ?? 0]);
  const document: Diff = {
    schemaVersion: 1,
    tool: { name: 'embedding-collapse', version: context.version },
    exitCode,
    exitReason: reasonOf(errors.length, ruled),
    a: sideOf(a, verdicts),
    b: sideOf(b, verdicts),
    ...compared,
    rules: ruled?.rules ?? [],
    alerts: (ruled?.runs ?? []).flatMap(({ steps }) =>
      steps.flatMap(({ step, alerts }) => alerts.map((alert) => ({ ...alert, step }))),
    ),
    errors,
    warnings: problems.flatMap((record) => (record.type === 'warning' ? [withoutType(record)] : [])),
  };
  const records = [...a.records, ...b.records];
  await publishDiff(document, { report: verdicts, records }, plan.outputs, flags, context);
  return exitCode;
}

/** What the presets say of each side, with the first as the reference of both, and the rule of a normal. */
async function verdictsOf(a: Side, b: Side, flags: FlagValues, version: string): Promise<Report> {
  const { failIf: _, warnIf: __, ...rest } = flags;
  const outside = a.reference.alpha === null ? [] : [REFERENCE_RULE];
  const judging = await readyToJudge({ ...judgePlanOf(rest), outside, reference: a.reference });
  return gate([...a.records, ...b.records], judging, version);
}

/** What the user's own rules say of the second side; null without one. */
async function ruledBy(a: Side, b: Side, judging: JudgePlan, version: string): Promise<Report | null> {
  const outside = judging.outside.filter(({ preset }) => preset === undefined);
  if (judging.rules.length === 0 && outside.length === 0) return null;
  const [rule] = outside;
  if (rule !== undefined && a.reference.alpha === null) {
    throw new UsageError(
      'E103',
      `the rule '${rule.expression}' takes runs, and ${a.name} is one golden run`,
      {
        hint: 'calibrate on two runs or more, and name that file first: `collapse diff normal.json runs/new`',
      },
    );
  }
  const ready = await readyToJudge({ ...judging, presets: [], outside, reference: a.reference });
  return gate(b.records, ready, version);
}

function sideOf({ name, reference }: Side, { runs }: Report): Diff['a'] {
  const own = runs.find(({ run }) => run === name);
  return {
    path: name,
    runs: reference.runs.length,
    ...(own === undefined ? {} : { status: own.status }),
    ...(own?.diagnosis === undefined ? {} : { diagnosis: own.diagnosis.label }),
    ...(own?.reference == null || own.reference.p === null ? {} : { reference: placeOf(own.reference) }),
  };
}

function placeOf({ p, since, by }: NonNullable<ReportRun['reference']>): NonNullable<Diff['a']['reference']> {
  return { p, since, ...(by && { by }) };
}

function reasonOf(errors: number, ruled: Report | null): string {
  if (errors > 0) return `${errors} input${errors === 1 ? '' : 's'} could not be used`;
  return ruled === null ? 'no --fail-if given' : ruled.exitReason;
}

function withoutType<T extends MeasureRecord>({ type: _, ...rest }: T): Omit<T, 'type'> {
  return rest;
}
