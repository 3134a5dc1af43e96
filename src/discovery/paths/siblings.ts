import { InputError, NoDataError } from '#errors.js';
import type { NumberedName, Place, Reading } from '../names/family.js';
import { showPath } from '../names/tree-path.js';
import type { NameDirectory, NameFile } from './name-tree.js';

/** A file or directory whose name has a number. */
export type Sibling = { readonly path: string; readonly stem: string; readonly shown: string } & (
  | { readonly directory: NameDirectory }
  | { readonly file: NameFile }
);

/** Files or directories side by side whose names differ in numbers alone. */
export interface Family {
  readonly members: readonly Sibling[];
  readonly numbered: readonly NumberedName[];
}

type SeveralReadings = (Reading & { kind: 'several' })['readings'];

/** Asks whether siblings are steps or runs. */
export function unclearSiblings(
  { path }: NameDirectory,
  { members }: Family,
  { why, steps }: Reading & { kind: 'unclear' },
): NoDataError {
  const sorted = [...new Set(steps)].sort((a, b) => a - b);
  const [first, second] = members.filter(
    ({ stem }, i) => members.findIndex((one) => one.stem === stem) === i,
  );
  const names =
    second === undefined ? showPath(first!.shown) : `${showPath(first!.shown)} and ${showPath(second.shown)}`;
  const shown = sorted.slice(0, 3).join(', ') + (sorted.length > 3 ? ', …' : '');
  const message = `${names} (${sorted.length} such names) have ${why}: they may be steps ${shown} of one run, or ${sorted.length} runs`;
  const isPair = members.length === 2 && members.every((member) => 'file' in member);
  const pair = isPair
    ? `; if one predicts the other, \`--pred ${showPath(first!.shown)} --target ${showPath(second!.shown)}\``
    : '';
  return new NoDataError('E304', message, {
    path: path === '.' ? members[0]!.shown : path,
    hint: `pass \`--siblings steps\` to read them as steps of one run, or \`--siblings runs\` to judge each by itself${pair}`,
  });
}

/** Asks which of several numbers is the step, with the flags that choose each; `filesBelow` finds those of a directory. */
export function severalNumbers(
  members: readonly Sibling[],
  readings: SeveralReadings,
  filesBelow: (directory: NameDirectory) => readonly NameFile[],
): InputError {
  const [first] = members;
  const textsOf = (places: readonly Place[]) =>
    members.map(({ stem }, i) => stem.slice(places[i]!.at, places[i]!.end));
  const files = 'file' in first! ? members.flatMap(fileOf) : filesBelow(first!.directory);
  // `{step}` stands for digits: a number with a point or a unit cannot be chosen so.
  const choices = readings
    .filter(({ places }) => textsOf(places).every((text) => /^\d+$/.test(text)))
    .map((reading) => {
      const { from, places } = reading;
      const steps = textsOf(places);
      // What varies with the step stands for any text; in a grid it stays as it is, and is one of the runs.
      const free = readings.filter((other) => {
        const texts = textsOf(other.places);
        return other !== reading && new Set(steps.filter((_, i) => texts[i] === texts[0])).size < 2;
      });
      const pattern = (path: string): string => {
        const i = members.findIndex((one) => path === one.path || path.startsWith(`${one.path}/`));
        const start = members[i]!.path.lastIndexOf('/') + 1;
        return [{ ...places[i]!, by: '{step}' }, ...free.map((one) => ({ ...one.places[i]!, by: '*' }))]
          .sort((a, b) => b.at - a.at)
          .reduce((text, { at, end, by }) => text.slice(0, start + at) + by + text.slice(start + end), path);
      };
      return `${flagsFor(files, pattern)} for steps by ${from}`;
    });
  const shown = readings.map(({ from, places }) => {
    const texts = [...new Set(textsOf(places))];
    return `${from} (${texts.slice(0, 3).join(', ')}${texts.length > 3 ? ', …' : ''})`;
  });
  const message = `two numbers vary in ${showPath(first!.shown)} and the ${members.length - 1} beside it: the step may be ${shown.join(' or ')}`;
  const choose = choices.length === 0 ? '' : `choose, in place of the paths: ${choices.join('; or ')}; or `;
  return new InputError('E229', message, {
    path: first!.shown,
    hint: `${choose}pass \`--siblings runs\` to judge each by itself`,
  });
}

function fileOf(member: Sibling): NameFile[] {
  return 'file' in member ? [{ ...member.file, path: member.path }] : [];
}

function flagsFor(files: readonly NameFile[], pattern: (path: string) => string): string {
  // A file of several arrays has both.
  const of = (role: string) => files.find((file) => file.role === role || file.role === 'arrays')?.path;
  const [prediction, target] = [of('prediction'), of('target')];
  return prediction === undefined || target === undefined
    ? `\`--pred '${pattern(prediction ?? target ?? files[0]!.path)}' --target none\``
    : `\`--pred '${pattern(prediction)}' --target '${pattern(target)}'\``;
}
