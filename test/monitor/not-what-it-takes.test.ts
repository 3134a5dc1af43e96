import { expect, it } from 'vitest';
import * as library from '#index.js';

const { CollapseMonitor, detectCollapse, parseRule, recordCollapseMetrics, RuleSeries } = library;
const metrics = library.computeCollapseMetrics(
  [
    [1, 0],
    [0, 1],
  ],
  [
    [1, 0],
    [1, 1],
  ],
  { klReg: 1 },
);

/** What JavaScript lets through and the types do not. */
const any = (value: unknown) => value as never;

it.each([
  ['options of a monitor', () => new CollapseMonitor(any(null))],
  ['options of criteria', () => detectCollapse(metrics, any(null))],
  ['options of criteria that are no object', () => detectCollapse(metrics, any(3))],
  ['a rule', () => parseRule(any(undefined))],
  ['the level of a rule', () => parseRule('kl_reg > 5', any('fatal'))],
  ['rules', () => new RuleSeries(any(undefined))],
  ['alerts', () => recordCollapseMetrics(metrics, { alerts: any('abc') })],
  ['options of a record', () => recordCollapseMetrics(metrics, any(null))],
])('refuses %s that are none', (_, call) => {
  expect(call).toThrow(expect.objectContaining({ name: 'InputError', code: 'E224' }));
});
