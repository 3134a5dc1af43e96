import type { ReportHeld } from '../report/types.js';
import { formatNumber } from './format-number.js';

/** What must hold, which is the opposite of what trips: '≥ 0.2013'; '' without a finding. */
export function limitText(
  finding: Pick<ReportHeld, 'operator' | 'threshold'> | undefined,
  { atLeast, atMost }: { readonly atLeast: string; readonly atMost: string },
): string {
  if (finding === undefined) return '';
  const signs: Record<ReportHeld['operator'], string> = { '<': atLeast, '<=': '>', '>': atMost, '>=': '<' };
  return `${signs[finding.operator]} ${formatNumber(finding.threshold)}`;
}
