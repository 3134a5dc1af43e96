// Runs as they are kept: a line a run, a list a metric, six significant digits.

/** One run of its step records; step 0, which no reference judges, is what `jepa` compares with. */
export function keptRun(label, steps) {
  const [first] = steps;
  const ids = Object.keys(first.metrics).filter((id) => steps.some(({ metrics }) => metrics[id] != null));
  const shapes = Object.entries(first.inputs).map(([role, { shape }]) => [role, shape]);
  return {
    ...label,
    rows: first.rows,
    dims: first.dims,
    shapes: Object.fromEntries(shapes),
    steps: steps.map(({ step }) => step),
    metrics: Object.fromEntries(
      ids.map((id) => [
        id,
        steps.map(({ metrics }) => (metrics[id] == null ? null : Number(metrics[id].toPrecision(6)))),
      ]),
    ),
  };
}

/** Step records of a kept run, as `gate` reads them. */
export function recordsOf({ name, rows, dims, shapes, steps, metrics }) {
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([role, shape]) => [role, { path: `${role}.npy`, dtype: 'float32', shape }]),
  );
  const ids = Object.keys(metrics);
  return steps.map((step, i) => ({
    type: 'step',
    schemaVersion: 1,
    run: name,
    step,
    rows,
    dims,
    inputs,
    metrics: Object.fromEntries(ids.map((id) => [id, metrics[id][i]])),
    klRegSource: 'computed',
    unavailable: {},
    estimates: {},
    notes: [],
    fingerprint: { metrics: ids, klReg: 'auto', klFrom: 'target', pairwise: 'auto', seed: 0 },
  }));
}
