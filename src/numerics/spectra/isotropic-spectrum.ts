/**
 * What share of a batch's variance the eigenvalues at `ranks` (from 1, largest first) have where its N rows are
 * N(0, I) in D dimensions, by the Marchenko–Pastur law with n = N − 1 degrees of freedom: the share at rank i of the
 * k = min(n, D) that are not 0 is the law's quantile at 1 − (i − ½)/k, over the sum of all k. Empty for one row.
 *
 * With γ = k / max(n, D) and x = 1 + γ + 2√γ cos θ the mass above x is
 * ((1 + γ)θ − 2√γ sin θ − 2(1 − γ) atan((1 − √γ)/(1 + √γ) tan(θ/2))) / (2πγ), which is inverted by bisection.
 *
 * Source: Marchenko & Pastur 1967.
 */
export function isotropicShares(rows: number, dims: number, ranks: readonly number[]): number[] {
  const freedom = rows - 1;
  const count = Math.min(freedom, dims);
  if (count < 1) return [];
  const gamma = count / Math.max(freedom, dims);
  const root = Math.sqrt(gamma);
  const massAbove = (theta: number) => {
    const turned = Math.atan(((1 - root) / (1 + root)) * Math.tan(theta / 2));
    return (
      ((1 + gamma) * theta - 2 * root * Math.sin(theta) - 2 * (1 - gamma) * turned) / (2 * Math.PI * gamma)
    );
  };
  const quantile = (rank: number) => {
    const mass = (rank - 0.5) / count;
    let [low, high] = [0, Math.PI];
    for (let i = 0; i < HALVINGS; i++) {
      const middle = (low + high) / 2;
      if (massAbove(middle) < mass) low = middle;
      else high = middle;
    }
    // θ from π, where x is smallest: so it keeps its digits there.
    return (1 - root) ** 2 + 4 * root * Math.sin((Math.PI - low) / 2) ** 2;
  };
  let total = count;
  if (count <= FEW) {
    total = 0;
    for (let rank = 1; rank <= count; rank++) total += quantile(rank);
  }
  return ranks.map((rank) => quantile(rank) / total);
}

/** Quantiles at midpoints stand for means: of one value they are a third short, of more than these below 1e-4. */
const FEW = 256;

/** π halved this often is below the rounding of θ. */
const HALVINGS = 54;
