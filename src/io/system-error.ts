import { InputError } from '#errors.js';

/** Returns the system's name of what went wrong ('ENOENT'), or an empty string. */
export function systemCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOENT: 'there is no such directory',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EMFILE: 'too many files are open',
  ENXIO: 'no process reads the pipe',
  EBADF: 'it is not open for that',
};

/** Says what the system refused, in words where its code has any. */
export function systemReason(cause: unknown): string {
  const code = systemCode(cause);
  const words = WORDS[code];
  if (words !== undefined) return `${words} (${code})`;
  if (code !== '') return `the system says ${code}`;
  return cause instanceof Error ? cause.message : String(cause);
}

/** Tests whether the path leads nowhere: it is missing, or a component of it is not a directory. */
export function isMissing(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ERR_INVALID_ARG_VALUE'].includes(systemCode(cause));
}

/** Makes E201 for a path that leads nowhere, E202 for whatever else the system refused; `cause` is kept. */
export function readError(path: string, cause: unknown, doing: string): InputError {
  if (isMissing(cause)) return new InputError('E201', 'there is no such file or directory', { path, cause });
  const code = systemCode(cause);
  return new InputError('E202', `cannot ${doing}: ${systemReason(cause)}`, {
    path,
    cause,
    fields: { systemCode: code },
  });
}
