import { ERROR_CODES, type ErrorCode, type ErrorKind } from './errors.js';

/** From the gravest to the mildest: the first that occurs is the exit code. */
const PRECEDENCE = [70, 2, 3, 4, 1] as const;

const OF_KIND: Readonly<Record<ErrorKind, number>> = { usage: 2, input: 3, output: 3, 'no data': 4, bug: 70 };

/** The exit code an error ends a command with: 2 usage, 3 input or output, 4 nothing to judge, 70 a bug. */
export function exitCodeOfError(code: ErrorCode): number {
  return OF_KIND[ERROR_CODES[code].kind];
}

/** The gravest of several codes; 0 if there are none. */
export function worstExitCode(codes: Iterable<number>): number {
  const seen = new Set(codes);
  return PRECEDENCE.find((code) => seen.has(code)) ?? 0;
}

/** What of a report decides the exit code. */
export interface Verdict {
  readonly errors: readonly { readonly code: ErrorCode; readonly message?: string }[];
  /** Judged steps over all runs. */
  readonly judged: number;
  /** Alerts that decide, by level: of every judged step, or of each run's latest. */
  readonly decidingAlerts: { readonly error: number; readonly warn: number };
  /** True where a criterion that was asked for lacked its metric at a judged step. */
  readonly unavailable: boolean;
  /** What became of each run. */
  readonly statuses?: readonly RunStatus[];
  /** Why the first run that is too young for a verdict has none. */
  readonly early?: string | null;
}

type RunStatus = 'ok' | 'early' | 'warning' | 'alert' | 'error' | 'no-data';

export interface ExitPolicy {
  readonly failOn: 'error' | 'warn' | 'never';
  readonly onUnavailable: 'skip' | 'fail';
  readonly exitZero: boolean;
}

/**
 * The exit code of a judged report and its reason in a few words. 70 > 2 > 3 > 4 > 1 > 0; `exitZero` turns 1 alone
 * into 0. Nothing judged is 4, never 0.
 */
export function exitCodeFor(verdict: Verdict, policy: ExitPolicy): { code: number; reason: string } {
  const { errors, judged, decidingAlerts, unavailable } = verdict;
  const failing =
    policy.failOn === 'never'
      ? 0
      : decidingAlerts.error + (policy.failOn === 'warn' ? decidingAlerts.warn : 0);
  const code = worstExitCode([
    ...errors.map((error) => exitCodeOfError(error.code)),
    ...(judged === 0 || (unavailable && policy.onUnavailable === 'fail') ? [4] : []),
    ...(failing > 0 ? [1] : []),
  ]);
  if (code === 1 && policy.exitZero) {
    return { code: 0, reason: `${count(failing, 'alert')}, which --exit-zero lets pass` };
  }
  const reason = reasonOf(code, verdict, failing);
  // A graver code must not hide that something collapsed.
  return { code, reason: code > 1 && failing > 0 ? `${reason}; ${alertsText(verdict, failing)}` : reason };
}

/** Counts runs where there are several and one alerts above all; else alerts. */
function alertsText({ statuses = [] }: Verdict, failing: number): string {
  const alerting = statuses.filter((status) => status === 'alert').length;
  if (alerting === 0 || statuses.length === 1) return count(failing, 'alert');
  return shareOfRuns(alerting, statuses.length, 'alert');
}

function reasonOf(
  code: number,
  { errors, judged, unavailable, decidingAlerts, statuses = [], early = null }: Verdict,
  failing: number,
): string {
  const own = errors.filter((error) => exitCodeOfError(error.code) === code);
  const [only] = own;
  switch (code) {
    case 70:
      return 'a bug in the tool';
    case 2:
      return 'wrong usage: nothing was read';
    case 3:
      return `${count(own.length, 'input')} could not be used`;
    case 4:
      if (judged === 0) {
        const why = own.length === 1 ? only?.message : undefined;
        return why === undefined ? 'nothing to judge' : `nothing to judge: ${why}`;
      }
      return unavailable && own.length === 0
        ? 'a ruled metric is unavailable'
        : `${count(own.length, 'run')} had nothing to judge`;
    case 1:
      return statuses.length > 1 ? runsText(statuses) : count(failing, 'alert');
    default:
      if (decidingAlerts.error > 0)
        return `${count(decidingAlerts.error, 'alert')}, which --fail-on never lets pass`;
      if (statuses.length > 1 && statuses.some((status) => status !== 'ok')) return runsText(statuses);
      if (early !== null) return early;
      return `${count(judged, 'step')} judged, ${decidingAlerts.warn > 0 ? count(decidingAlerts.warn, 'warning') : 'no alert'}`;
  }
}

const OF_RUNS: readonly (readonly [RunStatus, string])[] = [
  ['alert', 'alert'],
  ['error', 'could not be read'],
  ['no-data', 'had nothing to judge'],
  ['early', 'too early to tell'],
  ['warning', 'warn'],
  ['ok', 'ok'],
];

/** Counts runs by what became of them: '6 of 12 runs alert, 3 warn, 3 ok'. */
function runsText(statuses: readonly RunStatus[]): string {
  const parts = OF_RUNS.flatMap(([status, word]) => {
    const n = statuses.filter((each) => each === status).length;
    return n === 0 ? [] : [{ n, word }];
  });
  const [first, ...rest] = parts;
  if (first === undefined) return '';
  return [
    shareOfRuns(first.n, statuses.length, first.word),
    ...rest.map(({ n, word }) => `${n} ${n === 1 && word === 'warn' ? 'warns' : word}`),
  ].join(', ');
}

function shareOfRuns(n: number, all: number, word: string): string {
  return `${n} of ${count(all, 'run')} ${word === 'alert' && n === 1 ? 'alerts' : word}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
