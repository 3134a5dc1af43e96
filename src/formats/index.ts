import { CollapseError, InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { everyFormat, FORMATS } from './registry.js';
import type { Format, OpenedFile, OpenOptions } from './shared/define-format.js';

const HEAD_BYTES = 64;

/**
 * Opens a file by its magic bytes; an extension of another format is a warning. Closing the result closes
 * `source`; on an error the caller still owns it. Every `InputError`, from here or from a later read, carries
 * `source.path`. E204 for an empty file or one whose extension promises a known format that it does not hold,
 * E205 for an unsupported one.
 */
export async function openArrayFile(source: ByteSource, options: OpenOptions = {}): Promise<OpenedFile> {
  return located(source, async () => {
    const head = source.slice(0, Math.min(HEAD_BYTES, source.byteLength));
    const extension = extensionOf(source.path);
    const matches = (candidate: Format): boolean => candidate.matches(head);
    const format = FORMATS.find(matches) ?? (await everyFormat()).find(matches);
    if (format === undefined) throw (await import('./unreadable.js')).unrecognised(head, extension);
    const file = await format.open(source, options);
    // What begins like one format may turn out to be another.
    const read = FORMATS.find(({ id }) => id === file.format) ?? format;
    const warning = await disagreement(read, extension);
    return {
      ...file,
      warnings: warning === null ? file.warnings : [warning, ...file.warnings],
      readMatrix: (key, rows) => located(source, () => file.readMatrix(key, rows)),
      readVector: (key, rows) => located(source, () => file.readVector(key, rows)),
      close: () => file.close(),
    };
  });
}

async function located<T>(source: ByteSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) throw error.at(source.path);
    if (error instanceof CollapseError) throw error;
    throw (await import('./unreadable.js')).unexpected(error).at(source.path);
  }
}

function extensionOf(path: string): string {
  return /\.\w+$/.exec(path)?.[0].toLowerCase() ?? '';
}

async function disagreement(format: Format, extension: string): Promise<string | null> {
  if (format.extensions.includes(extension)) return null;
  const named = (await everyFormat()).find((candidate) => candidate.extensions.includes(extension));
  return named === undefined
    ? null
    : `the extension ${extension} says ${named.title}; the content is ${format.title}`;
}
