import { outcome } from './outcomes.mjs';
import { table } from './tables.mjs';

const BOUNDS = [0.5, 0.25, 0.1, 0.03, 0.01, 0.001];

/**
 * What the reference's criteria on variance and on distance would alert on at other bounds, by family: healthy runs, and
 * collapses seen. Both at the same share, without patience, as the reference judges.
 */
export function referenceBounds(runs) {
  const clear = runs.filter(({ label }) => !label.edge && label.outcome !== 'ambiguous');
  const lowest = clear.map(({ label, records }) => ({ label, shares: sharesOf(records) }));
  const families = [...new Set(clear.map(({ label }) => label.family))].sort();
  const rows = [...families, null].map((family) => {
    const own = lowest.filter(({ label }) => family === null || label.family === family);
    return [
      family ?? '**in all**',
      ...BOUNDS.map((bound) => {
        const judged = own.map(({ label, shares }) => outcomeAt(bound, label, shares));
        const count = (kind) => {
          const of = judged.filter((o) => o.kind === kind);
          return `${of.filter((o) => o.alerts).length} of ${of.length}`;
        };
        return `${count('healthy')}, ${count('collapsed')}`;
      }),
    ];
  });
  return table(['healthy that alert, collapses seen below', ...BOUNDS.map(String)], rows);
}

/** Per judged step the smaller of the share of the target's variance and that of the first step's distance. */
function sharesOf(records) {
  const judged = records.filter(({ step }) => step !== 0);
  const first = judged[0].metrics.pairwise_pred_dist_mean;
  return judged.map(({ step, metrics }) => {
    const { pred_var_per_dim: of, target_var_per_dim: to, pairwise_pred_dist_mean: distance } = metrics;
    return { step, share: Math.min(to > 0 ? of / to : 1, first > 0 ? distance / first : 1) };
  });
}

function outcomeAt(bound, label, shares) {
  const steps = shares.map(({ step, share }) => ({
    step,
    judged: true,
    alerts: share < bound ? [{ level: 'error', criterion: '' }] : [],
  }));
  return outcome(label, { steps });
}
