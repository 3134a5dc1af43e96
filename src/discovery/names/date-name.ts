/** A date in a name, with its time where one follows. */
export interface DateToken {
  readonly start: number;
  readonly end: number;
  /** Year to second as one number, by which dates are ordered: 20240131120000. */
  readonly value: number;
}

const DATE =
  /(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?:[T_\- .]{0,2}([01]\d|2[0-3])[-:_.h]?([0-5]\d)(?:[-:_.m]?([0-5]\d))?)?(?!\d)/g;
const TIME = /(?<!\d)([01]\d|2[0-3])([-:_.])([0-5]\d)\2([0-5]\d)(?!\d)/g;

/** Finds the dates of a name; a time alone (`12-34-56`, below a directory of its day) is one too. */
export function datesIn(name: string): readonly DateToken[] {
  const dates = [...name.matchAll(DATE)].map(
    ({ 0: all, 1: year, 3: month, 4: day, 5: h, 6: m, 7: s, index }) => ({
      start: index,
      end: index + all.length,
      value: Number(`${year}${month}${day}${h ?? '00'}${m ?? '00'}${s ?? '00'}`),
    }),
  );
  if (dates.length > 0) return dates;
  return [...name.matchAll(TIME)].map(({ 0: all, 1: h, 3: m, 4: s, index }) => ({
    start: index,
    end: index + all.length,
    value: Number(`${h}${m}${s}`),
  }));
}
