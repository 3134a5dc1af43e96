import type { ReportRemark } from '#report/types.js';
import { stepName } from './step-text.js';

/** Writes a remark with the step that it was first made of, without a full stop: 'step 100: 12 of 96 rows are zero'. */
export function remarkText({ message, step }: ReportRemark): string {
  return step === null ? message : `${stepName(step)}: ${message}`;
}
