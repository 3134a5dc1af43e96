import type { ReportHeld } from '#report/types.js';
import { formatNumber } from './format-number.js';

/** Writes the limit, which is the opposite of what trips: '≥ 0.2013'; '' without a finding. */
export function limitText(
  finding: Pick<ReportHeld, 'operator' | 'threshold' | 'horizon'> | undefined,
  { atLeast, atMost }: { readonly atLeast: string; readonly atMost: string },
): string {
  if (finding === undefined) return '';
  const signs: Record<ReportHeld['operator'], string> = { '<': atLeast, '<=': '>', '>': atMost, '>=': '<' };
  const where = finding.horizon === undefined ? '' : ` at horizon ${finding.horizon}`;
  return `${signs[finding.operator]} ${formatNumber(finding.threshold)}${where}`;
}
