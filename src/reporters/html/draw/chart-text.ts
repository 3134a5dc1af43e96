import type { Chart, Line } from './chart.js';

/** A chart as the page holds it: numbers as text, steps by their places in lists that the page holds once. */
interface ChartText {
  readonly lines: readonly {
    readonly name: string;
    readonly kind: Line['kind'];
    readonly run?: number;
    /** Which list of steps; the first unless said. */
    readonly of?: number;
    /** Places of the values in it, each as its distance from the one before; of all steps unless said. */
    readonly at?: string;
    /** '-' where there is none. */
    readonly y: string;
  }[];
  readonly failing: Chart['failing'];
}

/** Five digits: one more than is shown, so that a part that is looked at closely has no stairs. */
const DIGITS = 5;

/** A line and the list of steps that its x are of. */
export interface Listed {
  readonly line: Line;
  readonly of: number;
}

/** Writes a chart as JSON; `lists` are the steps that lines refer to. */
export function chartText(
  lines: readonly Listed[],
  failing: Chart['failing'],
  lists: readonly (readonly number[])[],
): string {
  const text: ChartText = {
    lines: lines.map(({ line, of }) => {
      const { name, kind, run, x, y } = line;
      const steps = lists[of] ?? [];
      const isWhole = x.length === steps.length;
      return {
        name,
        kind,
        ...(run === undefined ? {} : { run }),
        ...(of === 0 ? {} : { of }),
        ...(isWhole ? {} : { at: distances(placesOf(x, steps)) }),
        y: y.map((value) => (value === null ? '-' : shortest(value))).join(' '),
      };
    }),
    failing,
  };
  return JSON.stringify(text);
}

function shortest(value: number): string {
  return String(Number(value.toPrecision(DIGITS))).replace(/^(-?)0\./, '$1.');
}

/** Finds where in `steps` each of `x` is; both ascend. */
function placesOf(x: readonly number[], steps: readonly number[]): number[] {
  let i = 0;
  return x.map((step) => {
    while (i < steps.length && steps[i]! < step) i++;
    return i;
  });
}

/** Reads a chart again. */
export function chartFrom(text: string, lists: readonly (readonly number[])[]): Chart {
  const { lines, failing } = JSON.parse(text) as ChartText;
  return {
    failing,
    lines: lines.map(({ of = 0, at, y, ...line }) => {
      const steps = lists[of] ?? [];
      return {
        ...line,
        x: at === undefined ? steps : sums(at).map((i) => steps[i]!),
        y: y === '' ? [] : y.split(' ').map((value) => (value === '-' ? null : Number(value))),
      };
    }),
  };
}

/** Writes ascending numbers, each as its distance from the one before; '50x40' is the same distance 40 times. */
export function distances(numbers: readonly number[]): string {
  const runs: { distance: number; times: number }[] = [];
  for (const [i, x] of numbers.entries()) {
    const distance = Number((x - (numbers[i - 1] ?? 0)).toPrecision(12));
    const last = runs.at(-1);
    if (last?.distance === distance) last.times++;
    else runs.push({ distance, times: 1 });
  }
  return runs.map(({ distance, times }) => (times === 1 ? distance : `${distance}x${times}`)).join(' ');
}

/** Reads them again. */
export function sums(text: string): number[] {
  let sum = 0;
  if (text === '') return [];
  return text.split(' ').flatMap((run) => {
    const [distance, times = 1] = run.split('x').map(Number);
    return Array.from({ length: times }, () => {
      sum = Number((sum + distance!).toPrecision(12));
      return sum;
    });
  });
}

/** Escapes JSON for an attribute in single quotes: nothing of it ends the attribute, acts, or shows in another direction. */
export function jsonAttribute(json: string): string {
  return json.replace(/[&<>'\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]|#(?=#\[)/gu, (found) =>
    found
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
