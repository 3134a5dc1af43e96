/**
 * The effective rank of an isotropic Gaussian batch of N rows and D dimensions after centring, from the
 * Marchenko–Pastur law with n = N − 1 degrees of freedom: `isotropicEffectiveRank(1024, 192)` is 187.2. Within 1.5 % of the
 * mean of simulated batches from N = 16 on. NaN for one row.
 *
 * With k = min(n, D) nonzero singular values √x whose squares follow the law of aspect γ = k / max(n, D), it is
 * k·m·exp(−E[√x ln √x]/m) with m = E[√x]. The substitution x = 1 + γ + 2√γ cos θ turns the density into
 * (2/π) sin²θ/x dθ on [0, π].
 *
 * Source: Marchenko & Pastur 1967; the use as a yardstick is this project's.
 */
export function isotropicEffectiveRank(rows: number, dims: number): number {
  // Both matrices of a step, and the steps of a run, have the same shape.
  if (rows !== latest.rows || dims !== latest.dims) latest = { rows, dims, rank: integrated(rows, dims) };
  return latest.rank;
}

let latest = { rows: 0, dims: 0, rank: Number.NaN };

function integrated(rows: number, dims: number): number {
  const freedom = rows - 1;
  const count = Math.min(freedom, dims);
  if (count < 1) return Number.NaN;
  const gamma = count / Math.max(freedom, dims);
  const root = Math.sqrt(gamma);
  let mean = 0;
  let meanLog = 0;
  for (const { fromZero, weight, sine } of TANH_SINH) {
    // θ is measured from π, where x is smallest: (1 − √γ)² + 4√γ sin²(θ/2) keeps its digits there.
    const x = (1 - root) ** 2 + 4 * root * Math.sin(fromZero / 2) ** 2;
    if (x === 0) continue;
    const density = (weight * sine * sine) / x;
    const singular = Math.sqrt(x);
    mean += density * singular;
    meanLog += density * singular * Math.log(singular);
  }
  mean *= 2 / Math.PI;
  meanLog *= 2 / Math.PI;
  return count * mean * Math.exp(-meanLog / mean);
}

interface Node {
  readonly fromZero: number;
  readonly weight: number;
  readonly sine: number;
}

/** Tanh-sinh nodes on [0, π] (Takahasi & Mori 1974): they crowd towards the ends, where the integrand may be sharp. */
const TANH_SINH: readonly Node[] = Array.from({ length: 257 }, (_, i) => {
  const t = (i - 128) / 40;
  const u = (Math.PI / 2) * Math.sinh(t);
  // π (1 + tanh u)/2, written so that it keeps its digits near 0.
  const fromZero = Math.PI / (1 + Math.exp(-2 * u));
  const fromPi = Math.PI / (1 + Math.exp(2 * u));
  const weight = ((Math.PI / 2) * (Math.PI / 2) * Math.cosh(t)) / (40 * Math.cosh(u) ** 2);
  return { fromZero, weight, sine: Math.sin(Math.min(fromZero, fromPi)) };
});
