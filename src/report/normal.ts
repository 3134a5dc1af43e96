import { createHash } from 'node:crypto';
import { InputError } from '#errors.js';
import type * as schema from './normal-schema.js';
import type { Shape } from './types.js';

/** What healthy runs of one recipe look like: their curves, and what they are of. */
export type Normal = Shape<typeof schema.normal>;
export type NormalRun = Shape<typeof schema.normalRun>;
export type Identity = Shape<typeof schema.identity>;

/** What runs are judged by: a normal, or one golden run, which has no level. */
export interface ReferenceData extends Pick<Normal, 'identity' | 'metrics' | 'runs'> {
  readonly alpha: number | null;
  /** As the user named it. */
  readonly path: string;
  /** What is missing of it. */
  readonly warning?: string;
}

/** Returns the first 16 hexadecimal digits of the SHA-256 of what a run holds. */
export function hashOf(run: Omit<NormalRun, 'run' | 'hash'>): string {
  const sorted = (values: object) => Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([run.steps, sorted(run.errors), sorted(run.metrics)]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Returns a hash of all that judging takes of a reference. */
export function hashOfReference({ alpha, metrics, runs }: ReferenceData): string {
  const text = JSON.stringify([alpha, metrics, runs.map(({ hash }) => hash)]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Writes a normal as text that can be read in a diff: one line a metric of a run. */
export function printNormal(normal: Normal): string {
  return `${textOf(normal, '')}\n`;
}

/** JSON with an indent, but lists of numbers and names on one line. */
function textOf(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null)) {
      return `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    }
    return `[\n${value.map((item) => inner + textOf(item, inner)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${textOf(item, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/** Reads a normal in a file's text. Throws `InputError` E235 for anything else, and for one that was changed by hand. */
export async function parseNormal(text: string, path?: string): Promise<Normal> {
  const refuse = (why: string): never => {
    throw new InputError('E235', `not a reference: ${why}`, path === undefined ? {} : { path });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(text.trim() === '' ? 'it is empty' : 'it is not JSON');
  }
  const { normal } = await import('./normal-schema.js');
  const result = normal.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    return refuse(`${field === '' ? '' : `${field}: `}${issue?.message ?? 'invalid'}`);
  }
  const changed = result.data.runs.find((run) => run.hash !== hashOf(run));
  if (changed !== undefined) {
    return refuse(`the values of ${changed.run} are not those that its hash was made of`);
  }
  return result.data;
}
