import { InputError } from '#errors.js';
import { type AdvicePlace, objectsLine, rewritten } from './python-advice.js';

type Advice = (place: AdvicePlace, shape: readonly (number | null)[]) => string;

/** What elements are that are no real numbers, by the letter of numpy's kind; and what makes numbers of them. */
const KINDS: Readonly<Record<string, readonly [what: string, advice?: Advice]>> = {
  O: [
    'pickled Python objects, which are never executed',
    (place, shape) =>
      `save its numbers, if you trust the file: \`${objectsLine(place, shape.length === 0)}\``,
  ],
  s: ['structured records', (place) => `save one field: \`${rewritten(place, 'x[x.dtype.names[0]]')}\``],
  c: [
    'complex numbers',
    (place) => `save real numbers: \`${rewritten(place, 'np.concatenate([x.real, x.imag], -1)')}\``,
  ],
  U: ['strings'],
  S: ['strings'],
  a: ['strings'],
  V: ['raw bytes without a type'],
  M: ['dates'],
  m: ['durations'],
  f: ['extended-precision floats', (place) => `save float64: \`${rewritten(place, 'x.astype("float64")')}\``],
};

/** Returns E206, with what elements of numpy's type `dtype` are, and the line that makes numbers of them. */
export function elementRefusal(
  dtype: string,
  shape: readonly (number | null)[],
  place: AdvicePlace,
): InputError {
  const kind = dtype === 'structured' ? 's' : (/^[<>|=]?([A-Za-z])/.exec(dtype)?.[1] ?? '');
  const [what, advice] = KINDS[kind] ?? ['no real numbers', undefined];
  const where = place.key == null ? 'the elements' : `the elements of ${JSON.stringify(place.key)}`;
  return new InputError('E206', `${where} are ${what} (${dtype})`, {
    path: place.path,
    ...(advice === undefined ? {} : { hint: advice(place, shape) }),
  });
}
