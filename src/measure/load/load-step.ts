import type { InputRef, Role, StepRef } from '#discovery/names/step-ref.js';
import { InputError } from '#errors.js';
import type { OwnedFloats } from '#formats/shared/pool.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import type { RowPlaces } from '#numerics/positions/row-places.js';
import type { PassingBytes } from '#numerics/streaming/kept-rows.js';
import type { ReportInput } from '#report/types.js';
import type { FileCache, InputSize } from './file-cache.js';
import { type HorizonAxis, horizonAxis, shortAxis } from './horizon-axis.js';
import { checkRowsOfShards } from './join-parts.js';
import { keepRows, loadMask } from './load-mask.js';
import type { InputRows, LoadedInput } from './loaded-input.js';
import { type RowOrigin, reportInput, rowOrigin } from './loaded-input.js';
import { placeRows } from './place-rows.js';
import type { MatrixInputs, MatrixRole, StepStream, StreamedInputs } from './step-stream.js';
import { fitsWorkingMemory, isSmall, type MatrixSize, passingMemory, type Takes } from './working-memory.js';

/** One step's arrays, and what a record says of where they came from. */
export interface LoadedStep extends StepFacts {
  readonly prediction: Matrix;
  readonly target: Matrix | null;
  /** null where there is none or no metric asks for it. */
  readonly context: Matrix | null;
  /** What is this step's alone: whoever has measured it gives it back. */
  readonly owned: readonly OwnedFloats[];
}

/** A step too large to be in memory: its arrays are read in blocks of rows. */
export interface StreamedStep extends StepFacts {
  readonly stream: StepStream;
  readonly passing: PassingBytes;
}

export interface StepFacts {
  /** The sidecar's number; null without a sidecar or where it was not asked for. */
  readonly klReg: number | null;
  /** null where no axis of horizons is asked for. */
  readonly horizons: HorizonAxis | null;
  /** The indices of a short axis that nobody named; null where there is none, or where rows pass by. */
  readonly positions: HorizonAxis | null;
  /** null where the arrays have two axes. */
  readonly places: RowPlaces | null;
  readonly inputs: Readonly<Record<string, ReportInput>>;
  readonly notes: readonly string[];
  /** A class of each row that is kept, or factors, [rows, K]; null where there are none or nobody asks. */
  readonly label: Matrix | null;
  /** Of each row that is kept which sample it is a view of, [rows, 1]; null in the same way. */
  readonly group: Matrix | null;
  /** Where a row of one of the matrices stands in its file. */
  readonly originOf: (role: string, row: number) => RowOrigin | null;
}

export interface LoadOptions {
  /** What the metrics take beside the matrices. */
  readonly takes?: Takes;
  /** Reads a kl_reg sidecar; null where none is asked for. */
  readonly readKl: ((input: InputRef) => Promise<number>) | null;
  readonly wantsContext: boolean;
  /** Which values of the rows are read: 'if usable', with a note in place of an error. */
  readonly wantsRowValues?: Readonly<Partial<Record<'label' | 'group', true | 'if usable'>>>;
  /** The axis of the stored arrays that --per-step-axis names. */
  readonly perStepAxis?: number | undefined;
  /** The one that --sample-axis names. */
  readonly sampleAxis?: number | undefined;
  /** Called with the shape of the prediction, where its header says it, before its values are read. */
  readonly expectStep?: ((rows: number, cols: number) => void) | undefined;
}

/** Pages and buffers take at most so many times what is read from them, with it. */
const WITH_PAGES = 4;
const MATRIX_ROLES = ['prediction', 'target', 'context'] as const satisfies readonly Role[];

/**
 * Reads what `ref` names: shards joined, and rows that the mask drops taken out of every matrix. Throws `InputError`
 * with path and step for anything that cannot be read exactly.
 */
export async function loadStep(ref: StepRef, files: FileCache, options: LoadOptions): Promise<LoadedStep> {
  const { facts, loaded, kept } = await readStep(ref, files, options, null);
  const owned: OwnedFloats[] = [];
  const matrixOf = (role: MatrixRole): Matrix | null => {
    const { matrix = null, own = null } = loaded.get(role) ?? {};
    if (own !== null) owned.push(own);
    if (matrix === null || kept === null || kept.length === matrix.rows) return matrix;
    const rows = keepRows(matrix, kept, files.memory.pool);
    owned.push(rows.data);
    return rows;
  };
  const prediction = matrixOf('prediction')!;
  return { ...facts, prediction, target: matrixOf('target'), context: matrixOf('context'), owned };
}

/** Loads a step as `loadStep` does; where it is too large, its matrices are only opened. */
export async function openStep(
  ref: StepRef,
  files: FileCache,
  options: LoadOptions,
): Promise<LoadedStep | StreamedStep> {
  const path = ref.inputs.prediction?.path ?? '';
  const takes = await withRowValues(ref, files, options);
  const inputs: MatrixInputs = Object.fromEntries(matrixInputs(ref, options));
  const sizes = await sizesOf(inputs, ref.step, files);
  const { prediction: expected = null } = sizes;
  if (expected?.cols != null) options.expectStep?.(expected.rows, expected.cols);
  const known: MatrixSize[] = [];
  for (const size of Object.values(sizes)) {
    if (size !== null && size.cols !== null) known.push({ ...size, cols: size.cols });
  }
  const { maxMemory } = files.memory;
  /** Refuses once, with what is enough for reading each of them and for measuring all. */
  const refuse = async (sizes: readonly MatrixSize[], reading = 0): Promise<never> => {
    const { bytesToRead, overWorkingMemory } = await import('./over-working-memory.js');
    let most = reading;
    for (const input of Object.values(inputs))
      most = Math.max(most, await at(path, ref.step, () => bytesToRead(input, files)));
    throw overWorkingMemory(sizes, maxMemory, takes, most).at(path, ref.step);
  };
  const refuseOverBudget = async (sizes: readonly MatrixSize[]): Promise<void> => {
    if (!fitsWorkingMemory(sizes, maxMemory, takes)) await refuse(sizes);
  };
  const orRefuse = (error: unknown): Promise<never> => {
    const { needed } = error instanceof InputError && error.code === 'E220' ? error.fields : {};
    if (typeof needed === 'number' && known.length > 0) return refuse(known, needed);
    throw error;
  };
  const load = async (): Promise<LoadedStep> => {
    await refuseOverBudget(known);
    return loadStep(ref, files, options).catch(orRefuse);
  };
  const isKnown = known.length === Object.keys(inputs).length;
  // Each horizon's rows are taken out of the matrices.
  if (options.perStepAxis !== undefined || !isKnown || isSmall(known, maxMemory, takes)) return load();
  const streaming = await import('./step-stream.js');
  // What lies in one piece has to be in memory as a whole: the budget for that does for both.
  const streams = await at(path, ref.step, () => streaming.openStream(inputs, known, files, takes)).catch(
    orRefuse,
  );
  if (streams === null) return load();
  const streamed = Object.values(streams);
  const passing = passingMemory(
    streamed,
    streaming.blockRows(Math.max(...streamed.map(({ cols }) => cols))),
    takes,
  );
  let pages = 0;
  for (const [role, { bytesTogether }] of Object.entries(streams)) {
    if (bytesTogether <= maxMemory / WITH_PAGES) continue;
    const { bytesToRead } = await import('./over-working-memory.js');
    const needed = await at(path, ref.step, () => bytesToRead(inputs[role as MatrixRole]!, files, true));
    if (needed > maxMemory) await refuse(known, needed);
    pages = Math.max(pages, needed - bytesTogether);
  }
  const { facts, kept } = await readStep(ref, files, options, streams);
  const stream = new streaming.StepStream(streams, kept, files.memory);
  if (stream.rows >= stream.cols) {
    return { ...facts, stream, passing: { ...passing, block: passing.block + pages } };
  }
  const { rows } = stream;
  await refuseOverBudget(
    streamed.map((size) => ({ rows, cols: size.cols, bytes: rows * size.cols * size.valueBytes })),
  );
  const whole = (role: MatrixRole) => at(path, ref.step, () => stream.whole(role));
  const prediction = (await whole('prediction'))!;
  const target = await whole('target');
  const context = await whole('context');
  const owned = [prediction, target, context].flatMap((matrix) => (matrix === null ? [] : [matrix.data]));
  return { ...facts, prediction, target, context, owned };
}

async function withRowValues(
  { inputs }: StepRef,
  files: FileCache,
  { takes, wantsRowValues = {} }: LoadOptions,
): Promise<Takes> {
  const label = wantsRowValues.label === true ? inputs.label : undefined;
  const group = takes?.covariances ? inputs.group : undefined;
  if (label === undefined && group === undefined) return takes ?? {};
  const { countGroups, labelMemory } = await import('./row-value-memory.js');
  return { ...takes, labels: await labelMemory(label, files), groups: await countGroups(group, files) };
}

function matrixInputs({ inputs }: StepRef, { wantsContext }: LoadOptions): [MatrixRole, InputRef][] {
  return MATRIX_ROLES.flatMap((role) => {
    const input = inputs[role];
    return input === undefined || (role === 'context' && !wantsContext) ? [] : [[role, input]];
  });
}

async function sizesOf(
  inputs: MatrixInputs,
  step: number | null,
  files: FileCache,
): Promise<Partial<Record<MatrixRole, InputSize | null>>> {
  const sizes: Partial<Record<MatrixRole, InputSize | null>> = {};
  for (const [role, input] of Object.entries(inputs) as [MatrixRole, InputRef][]) {
    sizes[role] = await at(input.path, step, () => files.sizeOf(input));
  }
  return sizes;
}

type ReadInput = InputRows &
  Partial<Omit<LoadedInput, keyof InputRows>> & { readonly rows: number; readonly cols: number };

async function readStep(
  ref: StepRef,
  files: FileCache,
  options: LoadOptions,
  streams: StreamedInputs | null,
): Promise<{ facts: StepFacts; loaded: Map<Role, ReadInput>; kept: Uint32Array | null }> {
  const { readKl, perStepAxis } = options;
  if (ref.inputs.prediction === undefined) {
    throw new InputError('E216', 'the step has no prediction', { step: ref.step });
  }
  const loaded = new Map<Role, ReadInput>();
  const inputs: Record<string, ReportInput> = {};
  const notes: string[] = [];
  for (const [role, input] of matrixInputs(ref, options)) {
    const read = await at(
      input.path,
      ref.step,
      async () => streams?.[role] ?? (await readWhole(input, files)),
    );
    loaded.set(role, read);
    inputs[role] = reportInput(read.parts, read.cols);
    for (const note of notesOf(role, read)) notes.push(note);
  }
  const prediction = loaded.get('prediction')!;
  for (const [role, { parts }] of loaded) {
    await at(ref.inputs.prediction.path, ref.step, async () =>
      checkRowsOfShards('prediction', prediction.parts, role, parts),
    );
  }
  const { mask: maskInput, kl_reg: kl } = ref.inputs;
  const rowValues = await readRowValues(ref, files, options, prediction, { inputs, notes });
  const mask =
    maskInput === undefined
      ? null
      : await at(maskInput.path, ref.step, () => loadMask(maskInput, prediction, files));
  if (mask !== null) {
    const { rows } = prediction;
    inputs.mask = reportInput(mask.parts, null);
    notes.push(`mask: ${rows - mask.kept.length} of ${rows} rows dropped`);
  }
  const klReg = kl === undefined || readKl === null ? null : await at(kl.path, ref.step, () => readKl(kl));
  // Roles that disagree in their rows are refused later, with the rows that their files hold.
  const sameRows = [...loaded.values()].every(({ rows }) => rows === prediction.rows);
  const kept = mask !== null && sameRows ? mask.kept : null;
  const { path } = ref.inputs.prediction;
  const horizons =
    perStepAxis === undefined
      ? null
      : await at(path, ref.step, async () => horizonAxis(perStepAxis, loaded, kept));
  if (horizons !== null) for (const note of thinningNotes(horizons)) notes.push(note);
  const keptValues = (role: 'label' | 'group') => {
    const matrix = rowValues[role] ?? null;
    return matrix === null || kept === null ? matrix : keepRows(matrix, kept);
  };
  const places = await at(path, ref.step, async () => placeRows(options, loaded, kept));
  const facts: StepFacts = {
    klReg,
    horizons,
    positions: horizons === null && streams === null ? shortAxis(options, loaded, kept) : null,
    places,
    inputs,
    notes,
    label: keptValues('label'),
    group: keptValues('group'),
    originOf: (role, row) => {
      const parts = loaded.get(role as Role)?.parts;
      return parts === undefined ? null : rowOrigin(parts, kept, row);
    },
  };
  return { facts, loaded, kept };
}

async function readRowValues(
  { inputs: refs, step }: StepRef,
  files: FileCache,
  { wantsRowValues = {} }: LoadOptions,
  prediction: ReadInput,
  { inputs, notes }: { readonly inputs: Record<string, ReportInput>; readonly notes: string[] },
): Promise<Partial<Record<'label' | 'group', Matrix>>> {
  const found: Partial<Record<'label' | 'group', Matrix>> = {};
  for (const role of ['label', 'group'] as const) {
    const input = refs[role];
    const wanted = wantsRowValues[role];
    if (input === undefined || wanted === undefined) continue;
    const { loadRowValues } = await import('./load-row-values.js');
    try {
      const { matrix, parts } = await at(input.path, step, () =>
        loadRowValues(role, input, prediction, files),
      );
      inputs[role] = reportInput(parts, matrix.cols === 1 ? null : matrix.cols);
      found[role] = matrix;
    } catch (error) {
      if (wanted === true || !(error instanceof InputError)) throw error;
      notes.push(`${role}: not used, ${error.message}`);
    }
  }
  return found;
}

async function readWhole(input: InputRef, files: FileCache): Promise<ReadInput> {
  const loaded = await files.readInput(input);
  const { rows, cols } = loaded.matrix;
  return { ...loaded, rows, cols };
}

function notesOf(role: Role, { parts }: InputRows): string[] {
  const notes = [...new Set(parts.flatMap((part) => part.notes))];
  const [first] = parts;
  if (parts.length === 1) return notes.map((note) => `${role}: ${note}`);
  const numbers = `${first!.from.shard} to ${parts.at(-1)!.from.shard}`;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return [
    `${role}: ${parts.length} ranks (${numbers}) joined to ${rows} rows`,
    ...notes.map((note) => `${role}: ${note} in a rank`),
  ];
}

function thinningNotes({ size, horizons }: HorizonAxis): string[] {
  if (horizons.length === size) return [];
  return [`horizons: ${horizons.length} of ${size} measured one by one, at regular distances and the last`];
}

/** Runs `read`; an `InputError` from it gets the file and step it is about. */
async function at<T>(path: string, step: number | null, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof InputError ? error.at(path, step) : error;
  }
}
