import type { JudgePlan } from '#plan.js';
import type { StepRecord } from '#report/record.js';
import type { ReferenceJudge } from './reference-judge.js';

/** A plan with what judges a run by its reference, where it has one. */
export interface ReadyPlan extends JudgePlan {
  readonly judgeReference?: (
    plan: Pick<JudgePlan, 'outside'>,
    records: readonly StepRecord[],
  ) => ReferenceJudge;
}

/** Loads what judges by a reference; most checks have none. */
export async function readyToJudge(plan: JudgePlan): Promise<ReadyPlan> {
  const { reference } = plan;
  if (reference === null) return plan;
  const { ReferenceJudge } = await import('./reference-judge.js');
  return { ...plan, judgeReference: (...run) => new ReferenceJudge(reference, ...run) };
}
