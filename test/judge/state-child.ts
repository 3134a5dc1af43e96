/** Run by state-kill.test.ts in processes of its own: adds steps to a state one by one, and tells of each that is in. */

import { gateWithState } from '#judge/state/gate-with-state.js';
import { judgePlanOf } from '#options/plan/judge-plan.js';
import { makeRecord } from './make-record.js';

const [path = '', run = '', from = '', to = ''] = process.argv.slice(2);
for (let step = Number(from); step <= Number(to); step++) {
  const record = makeRecord({ run, step, metrics: { pred_l2_mean: step } });
  await gateWithState([record], judgePlanOf({}), '0', { path, shown: path, rejudge: false });
  process.stdout.write(`${step}\n`);
}
