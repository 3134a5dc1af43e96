import { candidatesOfFile } from '#discovery/candidates/file-candidates.js';
import { filesToInspect } from '#discovery/paths/files-to-inspect.js';
import type { FoundFile } from '#discovery/paths/found-file.js';
import { CollapseError, InputError } from '#errors.js';
import { openArrayFile } from '#formats/index.js';
import type { OpenedFile, OpenOptions } from '#formats/shared/define-format.js';
import type { ByteSource } from '#io/byte-source.js';
import { nodeDirectories } from '#io/node-directories.js';
import { openNodeFile } from '#io/node-file.js';
import { buildInspection } from '#report/build-inspection.js';
import { toReportError } from '#report/report-error.js';
import type { InspectedArray, InspectedFile, Inspection } from '#report/types.js';
import { inspectArrays, mostValueBytes } from './inspect-arrays.js';
import { type Placing, placingOf } from './placing.js';

export interface InspectOptions extends OpenOptions {
  readonly paths: readonly string[];
  /** Reads the data, not headers alone. */
  readonly values: boolean;
}

/** Looks into each file the paths stand for, one at a time. Never throws for what it finds. */
export async function inspect(options: InspectOptions, cwd: string, version: string): Promise<Inspection> {
  const found = await filesToInspect(options.paths, nodeDirectories(cwd));
  const errors = found.errors.map((error) => toReportError(error));
  const files: InspectedFile[] = [];
  for (const file of found.files) {
    const inspected = await inspectFile(file, options, cwd);
    files.push(inspected);
    const known = new Set<string>();
    for (const { error } of [inspected, ...inspected.arrays]) {
      // What is wrong with all columns of a file is said once.
      if (error === undefined || known.has(error.message)) continue;
      known.add(error.message);
      errors.push(error);
    }
  }
  return buildInspection(files, errors, version);
}

async function inspectFile(file: FoundFile, options: InspectOptions, cwd: string): Promise<InspectedFile> {
  let source: ByteSource | undefined;
  let opened: OpenedFile | undefined;
  try {
    source = openNodeFile(file.path, { cwd });
    const byName = await place(file, null);
    const role = byName.roleOf(null, 'json');
    if (role !== null)
      return { ...describe(file, source, byName), format: 'json', arrays: [jsonNumber(role)] };
    opened = await openArrayFile(source, options);
    const placing = await place(file, opened);
    const most = options.values ? mostValueBytes(source.byteLength, options.maxMemory) : null;
    return {
      ...describe(file, source, placing),
      format: opened.format,
      arrays: await inspectArrays(opened, placing, most, file.path, options.maxMemory),
      metadata: Object.keys(opened.metadata).map((key) => ({ key, role: placing.roleOf(key, 'metadata') })),
      warnings: [...opened.warnings, ...placing.warnings],
    };
  } catch (error) {
    if (!(error instanceof CollapseError)) throw error;
    const failure = error instanceof InputError ? error.at(file.path) : error;
    const described = describe(file, source, await place(file, null));
    return { ...described, notes: [], error: toReportError(failure) };
  } finally {
    if (opened !== undefined) opened.close();
    else source?.close();
  }
}

function jsonNumber(role: string): InspectedArray {
  return { key: null, dtype: 'JSON number', shape: [], order: 'C', kind: 'vector', role };
}

/** Asks discovery what the file is, given its header; without one, by its name. */
async function place(file: FoundFile, opened: OpenedFile | null): Promise<Placing> {
  const candidates = await candidatesOfFile(file, { paths: [] }, async () => {
    if (opened === null) throw new InputError('E204', 'the header cannot be read');
    return { ...opened, readVector: (key) => opened.readVector(key) };
  });
  return placingOf(candidates);
}

function describe(file: FoundFile, source: ByteSource | undefined, placing: Placing): InspectedFile {
  return {
    path: file.path,
    bytes: source?.byteLength ?? null,
    format: null,
    steps: placing.steps,
    rank: placing.rank,
    arrays: [],
    metadata: [],
    notes: placing.notes,
    warnings: [],
  };
}
