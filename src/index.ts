/**
 * Tells whether a training run's embeddings are collapsing: `measureStep` makes a record of a step's arrays, and `judge` a
 * verdict of the records of a run, as the command line does. `ReferenceSeries` compares a run with what `collapse calibrate`
 * wrote. `computeCollapseMetrics`, `detectCollapse` and `CollapseMonitor` are the metrics and criteria of RFC-0005 section 3.6,
 * of one batch and of a training loop; the registries are those that the command line is built from.
 */

export { type BatchInput, createBatch } from '#library/batch.js';
export { type JudgeOptions, judge } from '#library/judge.js';
export type {
  Judged,
  JudgedAlert,
  JudgedDiagnosis,
  JudgedRun,
  JudgedStatus,
  JudgedStep,
} from '#library/judged.js';
export { measureStep, type StepToMeasure } from '#library/measure-step.js';
export type { RecordedArray, RecordedIndices, RecordedSettings, StepRecord } from '#library/step-record.js';
export type { MeasuredMetrics } from '#metrics/compute.js';
export type { Metric, MetricValue, Unavailable } from '#metrics/define-metric.js';
export { DEFAULT_METRIC_IDS, METRIC_IDS, type MetricId } from '#metrics/ids.js';
export { computeMetrics, METRICS } from '#metrics/index.js';
export {
  COLLAPSE_METRIC_IDS,
  type CollapseMetricId,
  type CollapseMetrics,
  type ComputeOptions,
  computeCollapseMetrics,
} from '#monitor/collapse-metrics.js';
export {
  type CollapseAlert,
  type CollapseCriterion,
  type DetectOptions,
  detectCollapse,
} from '#monitor/detect-collapse.js';
export type {
  ArraySyncTensor,
  DetachableTensor,
  EmbeddingInput,
  ListTensor,
  NestedNumbers,
  OnnxTensor,
  ShapedArray,
  SyncTensor,
} from '#monitor/embedding-input.js';
export type { KlRegInput } from '#monitor/kl-reg.js';
export {
  type CollapseCheck,
  CollapseMonitor,
  type CollapseMonitorOptions,
  type ObserveOptions,
} from '#monitor/monitor.js';
export type { CollapseMonitorState } from '#monitor/monitor-state.js';
export type { MetricRegistry } from '#monitor/prometheus.js';
export {
  type CollapseLogger,
  type RecordOptions,
  type RecordTarget,
  recordCollapseMetrics,
} from '#monitor/record-metrics.js';
export { CollapseThresholds, type CollapseThresholdsOptions } from '#monitor/thresholds.js';
export type { PreparedRuns, ReferenceRun, ReferenceRuns } from '#normal/reference-runs.js';
export { type Compared, ReferenceSeries, type ReferenceStep } from '#normal/reference-series.js';
export type { Matrix } from '#numerics/matrix/matrix.js';
export type { Batch, KlReg } from '#numerics/matrix/step-view.js';
export type { Estimate, Estimated } from '#numerics/pairs/estimate.js';
export type { PairSampling, Pairwise } from '#numerics/random/pair-sampling.js';
export { alertMessage } from '#rules/diagnosis/alert-message.js';
export {
  DIAGNOSIS_LABELS,
  Diagnoser,
  type Diagnosis,
  type DiagnosisLabel,
} from '#rules/diagnosis/diagnose.js';
export { parseRule } from '#rules/language/parse-rule.js';
export { printRule } from '#rules/language/print-rule.js';
export type { Level, Operator, Reference, Rule, RuleAlert, RuleSkip } from '#rules/language/rule.js';
export { COLLAPSE_KINDS, type CollapseKind } from '#rules/presets/collapse-kinds.js';
export { jepaRules } from '#rules/presets/jepa.js';
export {
  activeRules,
  defaultPresets,
  PRESET_IDS,
  PRESETS,
  type Preset,
  type PresetId,
  type PresetRequest,
} from '#rules/presets/presets.js';
export { RFC_0005_THRESHOLDS, type Rfc0005Thresholds, rfc0005Rules } from '#rules/presets/rfc-0005.js';
export type { RunForm } from '#rules/presets/rules-of-run.js';
export { evaluateRule, type RuleOutcome } from '#rules/series/evaluate-rule.js';
export type { HorizonJudgement, StepJudgement } from '#rules/series/judgement.js';
export {
  type Baseline,
  type HorizonValues,
  type JudgeInput,
  RuleSeries,
  type RuleSeriesOptions,
} from '#rules/series/series.js';
export type { JudgedValues, PendingCount, RuleSeriesState } from '#rules/series/series-state.js';
export type { MetricReasons, MetricValues, References } from '#rules/series/values.js';
export {
  CollapseError,
  ERROR_CODES,
  type ErrorCode,
  type ErrorDetails,
  type Excerpt,
  InputError,
  UsageError,
} from './errors.js';
