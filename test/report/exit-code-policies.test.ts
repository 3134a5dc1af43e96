import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '#errors.js';
import { type ExitPolicy, exitCodeFor, type Verdict } from '#exit-code.js';

const POLICY: ExitPolicy = { failOn: 'error', onUnavailable: 'skip', exitZero: false };
const CLEAN: Verdict = {
  errors: [],
  judged: 6,
  decidingAlerts: { error: 0, warn: 0 },
  unavailable: false,
};

/** One error of each exit code, and that code. */
const BY_CODE: readonly (readonly [ErrorCode, number])[] = [
  ['E901', 70],
  ['E101', 2],
  ['E203', 3],
  ['E401', 3],
  ['E301', 4],
];

/** Every way to take or leave each of the items. */
function subsets<T>(items: readonly T[]): T[][] {
  let all: T[][] = [[]];
  for (const item of items) all = all.concat(all.map((some) => [...some, item]));
  return all;
}

describe('exitCodeFor', () => {
  const cases = subsets(BY_CODE).flatMap((errors) =>
    [0, 6].flatMap((judged) =>
      [0, 1].flatMap((error) =>
        [0, 1].flatMap((warn) =>
          [false, true].map((unavailable) => ({ errors, judged, error, warn, unavailable })),
        ),
      ),
    ),
  );
  const policies = (['error', 'warn', 'never'] as const).flatMap((failOn) =>
    (['skip', 'fail'] as const).flatMap((onUnavailable) =>
      [false, true].map((exitZero): ExitPolicy => ({ failOn, onUnavailable, exitZero })),
    ),
  );

  it.each(policies)('takes the gravest of all that happened: %j', (policy) => {
    for (const { errors, judged, error, warn, unavailable } of cases) {
      const happened = new Set(errors.map(([, code]) => code));
      if (judged === 0) happened.add(4);
      if (unavailable && policy.onUnavailable === 'fail') happened.add(4);
      if (policy.failOn !== 'never' && error > 0) happened.add(1);
      if (policy.failOn === 'warn' && warn > 0) happened.add(1);
      const gravest = [70, 2, 3, 4, 1].find((code) => happened.has(code)) ?? 0;
      const verdict: Verdict = {
        errors: errors.map(([code]) => ({ code })),
        judged,
        decidingAlerts: { error, warn },
        unavailable,
      };
      const { code, reason } = exitCodeFor(verdict, policy);
      expect({ verdict, code }).toEqual({ verdict, code: policy.exitZero && gravest === 1 ? 0 : gravest });
      expect(reason).not.toBe('');
    }
  });

  const reasons: [string, Partial<Verdict>, Partial<ExitPolicy>, number, string][] = [
    ['all well', {}, {}, 0, '6 steps judged, no alert'],
    ['an alert', { decidingAlerts: { error: 1, warn: 4 } }, {}, 1, '1 alert'],
    ['warnings that fail', { decidingAlerts: { error: 1, warn: 4 } }, { failOn: 'warn' }, 1, '5 alerts'],
    [
      '--exit-zero',
      { decidingAlerts: { error: 2, warn: 0 } },
      { exitZero: true },
      0,
      '2 alerts, which --exit-zero lets pass',
    ],
    [
      '--fail-on never',
      { decidingAlerts: { error: 2, warn: 1 } },
      { failOn: 'never' },
      0,
      '2 alerts, which --fail-on never lets pass',
    ],
    ['nothing judged', { judged: 0 }, {}, 4, 'nothing to judge'],
    [
      'nothing found',
      { judged: 0, errors: [{ code: 'E301', message: 'no steps found in runs' }] },
      {},
      4,
      'nothing to judge: no steps found in runs',
    ],
    ['one run without', { errors: [{ code: 'E302' }] }, {}, 4, '1 run had nothing to judge'],
    ['no value', { unavailable: true }, { onUnavailable: 'fail' }, 4, 'a ruled metric is unavailable'],
    [
      'an alert behind a damaged file',
      { errors: [{ code: 'E203' }, { code: 'E202' }], decidingAlerts: { error: 3, warn: 0 } },
      {},
      3,
      '2 inputs could not be used; 3 alerts',
    ],
  ];
  it.each(reasons)('says why: %s', (_, verdict, policy, code, reason) => {
    expect(exitCodeFor({ ...CLEAN, ...verdict }, { ...POLICY, ...policy })).toEqual({ code, reason });
  });
});
