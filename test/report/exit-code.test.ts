import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '#errors.js';
import { exitCodeFor, exitCodeOfError, type Verdict, worstExitCode } from '#exit-code.js';

const CODES: Record<number, ErrorCode> = { 70: 'E901', 2: 'E101', 3: 'E203', 4: 'E301' };
const POLICY = { failOn: 'error', onUnavailable: 'skip', exitZero: false } as const;

function verdictWith(codes: readonly number[]): Verdict {
  return {
    errors: codes.flatMap((code) => CODES[code] ?? []).map((code) => ({ code })),
    judged: 3,
    decidingAlerts: { error: codes.includes(1) ? 2 : 0, warn: 0 },
    unavailable: false,
  };
}

const ORDER = [70, 2, 3, 4, 1];
const SUBSETS = Array.from({ length: 2 ** ORDER.length }, (_, bits) =>
  ORDER.filter((_, i) => bits & (1 << i)),
);

describe('exitCodeFor', () => {
  it.each(SUBSETS.map((codes) => [codes.join(' + ') || 'nothing', codes] as const))(
    'of %s is the gravest',
    (_, codes) => {
      expect(exitCodeFor(verdictWith(codes), POLICY).code).toBe(codes[0] ?? 0);
      expect(worstExitCode([...codes].reverse())).toBe(codes[0] ?? 0);
    },
  );

  it.each(SUBSETS.map((codes) => [codes.join(' + ') || 'nothing', codes] as const))(
    'of %s with --exit-zero turns 1 alone into 0',
    (_, codes) => {
      const gravest = codes[0] ?? 0;
      const { code } = exitCodeFor(verdictWith(codes), { ...POLICY, exitZero: true });
      expect(code).toBe(gravest === 1 ? 0 : gravest);
    },
  );

  it.each([
    ['error', 1, 0, 1],
    ['error', 0, 1, 0],
    ['warn', 1, 0, 1],
    ['warn', 0, 1, 1],
    ['never', 1, 1, 0],
  ] as const)('with --fail-on %s, %i errors and %i warnings is %i', (failOn, error, warn, expected) => {
    const verdict = { ...verdictWith([]), decidingAlerts: { error, warn } };
    expect(exitCodeFor(verdict, { ...POLICY, failOn }).code).toBe(expected);
  });

  it('is 4 where nothing was judged, whatever else was asked for', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('error' as const, 'warn' as const, 'never' as const),
        fc.boolean(),
        (failOn, exitZero) => {
          const verdict = { ...verdictWith([]), judged: 0 };
          expect(exitCodeFor(verdict, { ...POLICY, failOn, exitZero })).toEqual({
            code: 4,
            reason: 'nothing to judge',
          });
        },
      ),
    );
  });

  it('is 4 for a missing metric only with --on-unavailable fail', () => {
    const verdict = { ...verdictWith([]), unavailable: true };
    expect(exitCodeFor(verdict, POLICY).code).toBe(0);
    expect(exitCodeFor(verdict, { ...POLICY, onUnavailable: 'fail' })).toEqual({
      code: 4,
      reason: 'a ruled metric is unavailable',
    });
    const alerting = { ...verdict, decidingAlerts: { error: 1, warn: 0 } };
    expect(exitCodeFor(alerting, { ...POLICY, onUnavailable: 'fail' }).code).toBe(4);
  });

  it('takes the code of an error from its hundred', () => {
    expect(
      ['E104', 'E218', 'E302', 'E401', 'E901'].map((code) => exitCodeOfError(code as ErrorCode)),
    ).toEqual([2, 3, 4, 3, 70]);
  });
});
