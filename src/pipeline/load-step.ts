import type { Matrix } from '../core/matrix.js';
import type { InputRef, StepRef } from '../discovery/step-ref.js';
import { InputError } from '../errors.js';
import type { LoadedMatrix } from '../formats/define-format.js';
import type { ReportInput } from '../report/types.js';
import type { FileCache } from './file-cache.js';

/** One step's arrays, and what a record says of where they came from. */
export interface LoadedStep {
  readonly prediction: Matrix;
  readonly target: Matrix | null;
  /** The sidecar's number; null without a sidecar or where it was not asked for. */
  readonly klReg: number | null;
  readonly inputs: Readonly<Record<string, ReportInput>>;
  readonly notes: readonly string[];
}

/** Reads what `ref` names. Throws `InputError` with path and step for anything that cannot be read exactly. */
export async function loadStep(
  ref: StepRef,
  files: FileCache,
  readKl: ((input: InputRef) => Promise<number>) | null,
  expectStep?: (rows: number, cols: number) => void,
): Promise<LoadedStep> {
  const { prediction, target, kl_reg: kl } = ref.inputs;
  if (prediction === undefined) {
    throw new InputError('E216', 'the step has no prediction', { step: ref.step });
  }
  const inputs: Record<string, ReportInput> = {};
  const notes: string[] = [];
  const load = async (role: string, input: InputRef): Promise<Matrix> => {
    const loaded = await at(input.path, ref.step, () => files.readMatrix(input));
    inputs[role] = describe(input, loaded);
    for (const note of loaded.notes) notes.push(`${role}: ${note}`);
    return loaded.matrix;
  };
  if (expectStep !== undefined) {
    const shape = await at(prediction.path, ref.step, () => files.shapeOf(prediction));
    if (shape !== null) expectStep(shape.rows, shape.cols);
  }
  const p = await load('prediction', prediction);
  const t = target === undefined ? null : await load('target', target);
  const klReg = kl === undefined || readKl === null ? null : await at(kl.path, ref.step, () => readKl(kl));
  return { prediction: p, target: t, klReg, inputs, notes };
}

function describe(ref: InputRef, loaded: LoadedMatrix): ReportInput {
  return {
    path: ref.path,
    ...(ref.key === null ? {} : { key: ref.key }),
    dtype: loaded.dtype,
    shape: [...loaded.shape],
  };
}

/** Runs `read`, and tells an `InputError` from it which file and step it is about. */
async function at<T>(path: string, step: number | null, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof InputError ? error.at(path, step) : error;
  }
}
