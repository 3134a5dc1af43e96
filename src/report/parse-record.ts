import { InputError } from '#errors.js';
import type { MeasureRecord } from './record.js';

/** Checks a record that came from outside, field by field. Throws `InputError` E231 naming the first wrong field. */
export async function parseMeasureRecord(value: unknown): Promise<MeasureRecord> {
  const { measureRecord } = await import('./record-schema.js');
  const result = measureRecord.safeParse(value);
  if (result.success) {
    if (result.data.type !== 'step') return result.data;
    const { verdict: _, ...measured } = result.data;
    return measured;
  }
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new InputError('E231', `${field === '' ? 'the record' : field}: ${issue?.message ?? 'invalid'}`, {
    fields: { field },
  });
}
