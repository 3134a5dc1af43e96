import type { InputRef, RunRef, StepRef } from '#discovery/names/step-ref.js';
import { CollapseError, InputError } from '#errors.js';
import type { ArrayPool, OwnedFloats } from '#formats/shared/pool.js';
import type { MemoryPressure } from '#io/memory-pressure.js';
import { computeFrom, needsOf } from '#metrics/compute.js';
import type { MetricTable } from '#metrics/default-metrics.js';
import { loadMetrics } from '#metrics/load-metrics.js';
import { pairwiseText } from '#metrics/pairwise-choice.js';
import { createBatch, type RunInput } from '#numerics/matrix/batch.js';
import type { Batch, KlReg } from '#numerics/matrix/step-view.js';
import { RandomSlices } from '#numerics/random/random-slices.js';
import type { MeasurePlan } from '#plan.js';
import type { ErrorRecord, Fingerprint, StepRecord, WarningRecord } from '#report/record.js';
import { toReportError } from '#report/report-error.js';
import { blame } from './load/blame.js';
import { FileCache, type OpenFile } from './load/file-cache.js';
import { readKlReg } from './load/kl-sidecar.js';
import { type LoadedStep, type LoadOptions, openStep, type StreamedStep } from './load/load-step.js';
import type { Takes } from './load/working-memory.js';
import { REMARKS_NEEDS, remarksOf } from './remarks.js';

/** The steps of one run, as far as measuring them needs; plain data, so that it may go to another thread. */
export interface MeasuredRun extends Pick<RunRef, 'run' | 'marks' | 'steps'> {
  readonly pathsInSeveralSteps: ReadonlySet<string>;
}

/** What came of one step, and what its files had to say when they were first opened. */
export interface MeasuredStep {
  readonly outcome: StepRecord | ErrorRecord;
  readonly warnings: readonly WarningRecord[];
}

export interface StepIo {
  readonly openFile: OpenFile;
  readonly readText: (path: string) => string;
  /** Called with the shape of a step's prediction, where its header gives it, before its values are read. */
  readonly expectStep?: (rows: number, cols: number) => void;
  /** Called before the rows of a step that is too large for memory pass by. */
  readonly onPassing?: () => void;
}

/** Of a step in memory: fewer bytes leave little behind. What they leave is a few times as much. */
const [LARGE, LEFT_BEHIND] = [2 ** 21, 4];

interface RunSettings {
  readonly table: MetricTable;
  readonly loading: LoadOptions;
  readonly takesOf: (ref: StepRef) => Takes;
}

/** Measures steps of one run, in any order, keeping open what the next may need. */
export class StepMeasurer {
  readonly #run: MeasuredRun;
  readonly #options: MeasurePlan;
  readonly #io: StepIo;
  readonly #files: FileCache;
  readonly #pool: ArrayPool;
  readonly #slices = new RandomSlices();
  readonly fingerprint: Fingerprint;
  #asked: RunSettings | undefined;
  #warnings: WarningRecord[] = [];
  #pressure: MemoryPressure | undefined;

  /** `pool` is of the thread that measures. */
  constructor(run: MeasuredRun, options: MeasurePlan, io: StepIo, pool: ArrayPool) {
    this.#run = run;
    this.#options = options;
    this.#io = io;
    this.#pool = pool;
    this.fingerprint = fingerprintOf(options);
    const memory = { maxMemory: options.maxMemory, pool };
    this.#files = new FileCache(run.pathsInSeveralSteps, io.openFile, memory, (path, message) => {
      this.#warnings.push({ type: 'warning', run: run.run, path, message });
    });
  }

  /** The step at `index`; an input that cannot be read becomes an error record. */
  async measure(index: number): Promise<MeasuredStep> {
    const made = this.#run.steps[index];
    if (made === undefined) throw new RangeError(`no step has index ${index}`);
    // A step of very many makes its inputs each time they are asked for.
    const ref = { ...made };
    this.#warnings = [];
    let outcome: StepRecord | ErrorRecord;
    try {
      outcome = await this.#measure(ref);
    } catch (error) {
      if (!(error instanceof CollapseError)) throw error;
      outcome = { type: 'error', ...toReportError(error, this.#run.run) };
    } finally {
      this.#files.letGo();
    }
    return { outcome, warnings: this.#warnings };
  }

  /** What measuring large arrays leaves behind is collected where the next step needs the room. */
  async #letGo(arrays: readonly OwnedFloats[]): Promise<void> {
    let bytes = 0;
    for (const array of arrays) {
      bytes += array.byteLength;
      this.#pool.giveBack(array);
    }
    if (bytes < LARGE) return;
    const { MemoryPressure } = await import('#io/memory-pressure.js');
    this.#pressure ??= new MemoryPressure(this.#options.maxMemory);
    await this.#pressure.relieve(LEFT_BEHIND * bytes);
  }

  close(): void {
    this.#files.close();
  }

  /** What is the same at each step. */
  async #settings(): Promise<RunSettings> {
    const { metrics, klReg, perStepAxis, sampleAxis } = this.#options;
    const table = await loadMetrics(metrics);
    const { readText, expectStep } = this.#io;
    const readKl = klReg === 'auto' ? (input: InputRef) => readKlReg(input, this.#files, readText) : null;
    const wantsContext = metrics.some((id) => table[id]?.needsContext);
    const wantsRowValues = rowValuesFor(this.#options, table);
    const loading: LoadOptions = {
      readKl,
      wantsContext,
      wantsRowValues,
      perStepAxis,
      sampleAxis,
      expectStep,
    };
    return { table, loading, takesOf: takesFor(this.#options) };
  }

  async #measure(ref: StepRef): Promise<StepRecord> {
    const options = this.#options;
    this.#asked ??= await this.#settings();
    const { table, loading, takesOf } = this.#asked;
    const loaded = await openStep(ref, this.#files, { ...loading, takes: takesOf(ref) });
    if ('stream' in loaded) this.#io.onPassing?.();
    const { klReg, source } = chooseKlReg(options.klReg, loaded.klReg);
    try {
      const { rows, cols } = 'stream' in loaded ? loaded.stream : loaded.prediction;
      const { metrics, spectra, projection, remarks, digest, ...measured } = await numbersOf(
        loaded,
        klReg,
        this.#slices,
        options,
        table,
      );
      return {
        type: 'step',
        schemaVersion: 1,
        run: this.#run.run,
        ...this.#run.marks,
        step: ref.step,
        rows,
        dims: cols,
        inputs: { ...loaded.inputs },
        metrics,
        klRegSource: metrics.kl_reg === null || metrics.kl_reg === undefined ? null : source,
        ...measured,
        notes: [...loaded.notes],
        ...(spectra === undefined ? {} : { spectra }),
        ...(projection === undefined ? {} : { projection }),
        ...(remarks.length === 0
          ? {}
          : { remarks: remarks.map((remark) => ({ ...remark, step: ref.step })) }),
        ...(digest === undefined ? {} : { digest }),
        fingerprint: this.fingerprint,
      };
    } catch (error) {
      throw error instanceof InputError ? blame(error, ref, loaded) : error;
    } finally {
      if ('owned' in loaded) await this.#letGo(loaded.owned);
    }
  }
}

const NO_SPECTRA = { spectraOf: () => ({}), SPECTRA_NEEDS: {} };
const NO_PROJECTION = { projectionOf: () => ({}), PROJECTION_NEEDS: {} };

type StepNumbers = Pick<
  StepRecord,
  'metrics' | 'unavailable' | 'estimates' | 'spectra' | 'projection' | 'horizons' | 'positions'
> &
  ReturnType<typeof remarksOf>;

async function numbersOf(
  loaded: LoadedStep | StreamedStep,
  klReg: KlReg,
  slices: RandomSlices,
  { klFrom, pairwise, seed, metrics, spectrum, projection, maxMemory }: MeasurePlan,
  table: MetricTable,
): Promise<StepNumbers> {
  const { label, group, places } = loaded;
  const settings = { label, group, klReg, klFrom, pairwise, seed, slices, places };
  const { spectraOf, SPECTRA_NEEDS } = spectrum ? await import('./spectra.js') : NO_SPECTRA;
  const { projectionOf, PROJECTION_NEEDS } = projection ? await import('./projection.js') : NO_PROJECTION;
  const needs = [SPECTRA_NEEDS, PROJECTION_NEEDS, REMARKS_NEEDS];
  const read = (batch: Batch): StepNumbers => ({
    ...computeFrom(table, batch, metrics),
    ...spectraOf(batch),
    ...projectionOf(batch),
    ...remarksOf(batch, loaded.inputs),
  });
  if ('stream' in loaded) {
    const { measureStream } = await import('./measure-stream.js');
    return measureStream(
      loaded.stream,
      { ...settings, maxBytes: maxMemory, passing: loaded.passing },
      [...needsOf(metrics, table), ...needs],
      read,
    );
  }
  const { prediction, target, context, horizons, positions } = loaded;
  const input: RunInput = { ...settings, prediction, target, context };
  const batch = createBatch(input);
  batch.declare(needs);
  const numbers = read(batch);
  if (horizons === null && positions === null) return numbers;
  const { measureHorizons, POSITION_METRICS } = await import('./measure-horizons.js');
  if (horizons !== null) return { ...numbers, horizons: measureHorizons(input, horizons, metrics, table) };
  const few = metrics.filter((id) => POSITION_METRICS.has(id));
  return few.length === 0
    ? numbers
    : { ...numbers, positions: measureHorizons(input, positions!, few, table) };
}

function chooseKlReg(
  asked: MeasurePlan['klReg'],
  sidecar: number | null,
): { klReg: KlReg; source: StepRecord['klRegSource'] } {
  if (typeof asked === 'number') return { klReg: asked, source: 'supplied' };
  if (asked === 'none') return { klReg: null, source: null };
  if (asked === 'auto' && sidecar !== null) return { klReg: sidecar, source: 'supplied' };
  return { klReg: 'computed', source: 'computed' };
}

function takesFor({ metrics, projection = false }: MeasurePlan): (ref: StepRef) => Takes {
  const has = (names: readonly string[]) => metrics.some((id) => names.some((name) => id.endsWith(name)));
  const pairs = has(['retrieval_top1', 'retrieval_mrr', 'uniformity', 'nearest_neighbour_ratio']);
  const pairsOfLabels = has(['knn_accuracy', 'probe_r2']);
  const covariances = has(['lidar']);
  return ({ inputs: { label, group } }) => ({
    pairs: pairs || (label !== undefined && pairsOfLabels),
    covariances: group !== undefined && covariances,
    drawn: projection,
  });
}

/** The labels of a drawing alone are left out where they cannot be used and nobody named them. */
function rowValuesFor(
  { metrics, projection, labelKey }: MeasurePlan,
  table: MetricTable,
): NonNullable<LoadOptions['wantsRowValues']> {
  const isNeeded = (role: 'label' | 'group') => metrics.some((id) => table[id]?.needsOfRows === role);
  const forDrawing = labelKey === undefined ? 'if usable' : true;
  return {
    ...(isNeeded('label') ? { label: true } : projection ? { label: forDrawing } : {}),
    ...(isNeeded('group') ? { group: true } : {}),
  };
}

function fingerprintOf(options: MeasurePlan): Fingerprint {
  const { metrics, klReg, klFrom, pairwise, seed, noMask, maskKeeps, perStepAxis, sampleAxis } = options;
  const source = typeof klReg === 'number' ? 'supplied' : klReg;
  return {
    metrics: [...metrics],
    klReg: source,
    klFrom,
    pairwise: pairwiseText(pairwise),
    seed,
    ...(noMask ? { mask: 'none' as const } : {}),
    ...(maskKeeps === undefined ? {} : { maskKeeps }),
    ...(perStepAxis === undefined ? {} : { perStepAxis }),
    ...(sampleAxis === undefined ? {} : { sampleAxis }),
  };
}
