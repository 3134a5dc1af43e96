/** The 95 % interval of Clopper and Pearson of `k` in `n`, as two shares. */
export function interval(k, n) {
  if (n === 0) return [0, 1];
  const root = (below) => {
    let [low, high] = [0, 1];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (below(middle)) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  // P(X ≥ k) grows with p, P(X ≤ k) falls with it.
  return [
    k === 0 ? 0 : root((p) => 1 - atMost(k - 1, n, p) < 0.025),
    k === n ? 1 : root((p) => atMost(k, n, p) > 0.025),
  ];
}

/** The probability of at most k successes of n. */
function atMost(k, n, p) {
  let [sum, term] = [0, n * Math.log1p(-p)];
  for (let i = 0; i <= k; i++) {
    sum += Math.exp(term);
    term += Math.log((n - i) / (i + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return sum;
}

/** As `3 of 50 (1–17 %)`. */
export function counted(k, n) {
  if (n === 0) return '';
  const [low, high] = interval(k, n).map((share) => Math.round(share * 100));
  return `${k} of ${n} (${low}–${high} %)`;
}
