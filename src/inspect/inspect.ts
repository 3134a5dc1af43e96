import { claimsOfFile } from '#discovery/claims/file-roles.js';
import type { FileTree } from '#discovery/paths/file-tree.js';
import { filesToInspect } from '#discovery/paths/files-to-inspect.js';
import type { FoundFile } from '#discovery/paths/found-file.js';
import { CollapseError, InputError } from '#errors.js';
import type { OpenedFile } from '#formats/shared/define-format.js';
import type { ByteSource } from '#io/byte-source.js';
import { buildInspection } from '#report/build-inspection.js';
import { toReportError } from '#report/report-error.js';
import type { InspectedArray, InspectedFile, Inspection } from '#report/types.js';
import { inspectArrays } from './inspect-arrays.js';
import { type Placing, placingOf } from './placing.js';

export interface InspectOptions {
  readonly paths: readonly string[];
  /** Reads the data, not headers alone. */
  readonly values: boolean;
}

export interface InspectIo {
  readonly tree: Pick<FileTree, 'kind' | 'list'>;
  /** Throws `InputError` where the file cannot be opened. */
  readonly openSource: (path: string) => ByteSource;
  /** Throws `InputError` where its header is wrong; the caller then still owns the source. */
  readonly openArrays: (source: ByteSource) => Promise<OpenedFile>;
}

/** Looks into each file the paths stand for, one at a time. Never throws for what it finds. */
export async function inspect(
  { paths, values }: InspectOptions,
  io: InspectIo,
  version: string,
): Promise<Inspection> {
  const tree: FileTree = { ...io.tree, describe: () => Promise.reject(new Error('not asked for')) };
  const found = filesToInspect(paths, tree);
  const errors = found.errors.map((error) => toReportError(error));
  const files: InspectedFile[] = [];
  for (const file of found.files) {
    const inspected = await inspectFile(file, values, io);
    files.push(inspected);
    for (const { error } of [inspected, ...inspected.arrays]) if (error !== undefined) errors.push(error);
  }
  return buildInspection(files, errors, version);
}

async function inspectFile(file: FoundFile, values: boolean, io: InspectIo): Promise<InspectedFile> {
  let source: ByteSource | undefined;
  let opened: OpenedFile | undefined;
  try {
    source = io.openSource(file.path);
    const byName = await place(file, null);
    const role = byName.roleOf(null, 'json');
    if (role !== null)
      return { ...describe(file, source, byName), format: 'json', arrays: [jsonNumber(role)] };
    opened = await io.openArrays(source);
    const placing = await place(file, opened);
    return {
      ...describe(file, source, placing),
      format: opened.format,
      arrays: await inspectArrays(opened, placing, values, file.path),
      metadata: Object.keys(opened.metadata).map((key) => ({ key, role: placing.roleOf(key, 'metadata') })),
      warnings: [...opened.warnings, ...placing.warnings],
    };
  } catch (error) {
    if (!(error instanceof CollapseError)) throw error;
    const failure = error instanceof InputError ? error.at(file.path) : error;
    const told = describe(file, source, await place(file, null));
    return { ...told, notes: [], error: toReportError(failure) };
  } finally {
    if (opened !== undefined) opened.close();
    else source?.close();
  }
}

function jsonNumber(role: string): InspectedArray {
  return { key: null, dtype: 'JSON number', shape: [], order: 'C', kind: 'vector', role };
}

/** What discovery makes of the file, given its header; without one, of its name. */
async function place(file: FoundFile, opened: OpenedFile | null): Promise<Placing> {
  const claims = await claimsOfFile(file, { paths: [] }, async () => {
    if (opened === null) throw new InputError('E204', 'the header cannot be read');
    return { ...opened, readVector: (key) => opened.readVector(key) };
  });
  return placingOf(claims);
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
