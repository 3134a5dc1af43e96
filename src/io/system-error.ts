import { InputError } from '../errors.js';

/** The system's name of what went wrong ('ENOENT'), or an empty string. */
export function systemCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

/** True where the path leads nowhere: it is missing, or a component of it is not a directory. */
export function isMissing(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ERR_INVALID_ARG_VALUE'].includes(systemCode(cause));
}

/** E201 for a path that leads nowhere, E202 for whatever else the system refused; `cause` is kept. */
export function readError(path: string, cause: unknown, doing: string): InputError {
  if (isMissing(cause)) return new InputError('E201', 'there is no such file or directory', { path, cause });
  const code = systemCode(cause);
  const why = cause instanceof Error ? cause.message : String(cause);
  return new InputError('E202', `cannot ${doing}: ${code === '' ? why : `the system says ${code}`}`, {
    path,
    cause,
    fields: { systemCode: code },
  });
}
