import { describe, expect, it } from 'vitest';
import * as library from '#index.js';
import { thrownBy } from '../support/thrown.js';

describe('the library', () => {
  it('exports these values and no others', () => {
    expect(Object.keys(library).sort()).toEqual([
      'COLLAPSE_KINDS',
      'COLLAPSE_METRIC_IDS',
      'CollapseError',
      'CollapseMonitor',
      'CollapseThresholds',
      'DEFAULT_METRIC_IDS',
      'DIAGNOSIS_LABELS',
      'Diagnoser',
      'ERROR_CODES',
      'InputError',
      'METRICS',
      'METRIC_IDS',
      'PRESETS',
      'PRESET_IDS',
      'RFC_0005_THRESHOLDS',
      'ReferenceSeries',
      'RuleSeries',
      'UsageError',
      'activeRules',
      'alertMessage',
      'computeCollapseMetrics',
      'computeMetrics',
      'createBatch',
      'defaultPresets',
      'detectCollapse',
      'evaluateRule',
      'jepaRules',
      'judge',
      'measureStep',
      'parseRule',
      'printRule',
      'recordCollapseMetrics',
      'rfc0005Rules',
    ]);
  });

  it('throws errors that carry a code of the table', () => {
    const error = thrownBy(() => library.computeCollapseMetrics([[1]], [[1, 2]], { klReg: 0 }));
    expect(error).toBeInstanceOf(library.InputError);
    expect(error).toBeInstanceOf(library.CollapseError);
    expect(library.ERROR_CODES).toHaveProperty((error as library.InputError).code);
  });

  it('gives the same numbers through the registries as through computeCollapseMetrics', () => {
    const data = Float32Array.of(1, 2, 3, 5);
    const matrix = { data, rows: 2, cols: 2 };
    const batch = library.createBatch({ prediction: matrix, target: matrix, klReg: 1 });
    expect(library.computeMetrics(batch, library.COLLAPSE_METRIC_IDS).metrics).toEqual(
      library.computeCollapseMetrics(matrix, matrix, { klReg: 1 }),
    );
  });

  it('judges by the same rules in a series as in detectCollapse', () => {
    const metrics = library.computeCollapseMetrics([[0], [0]], [[0], [2]], { klReg: 11 });
    const { alerts } = new library.RuleSeries(library.rfc0005Rules()).judge({ step: 1, values: metrics });
    expect(alerts.map(({ rule, value, threshold }) => ({ criterion: rule.id, value, threshold }))).toEqual(
      library.detectCollapse(metrics, { initialPairwisePredDistMean: 0 }),
    );
    expect(alerts.map(library.alertMessage)).toEqual([
      'pred_var_per_dim 0 < 0.5 (50% of target_var_per_dim)',
      'kl_reg 11 > 10',
    ]);
  });
});
