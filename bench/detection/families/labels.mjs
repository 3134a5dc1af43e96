import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLines } from './records.mjs';

/** The labels of an OUT of this folder's train.py and label.py, or of those of the folder above, whose runs are the family `mlp`. */
export function labelsOf(out) {
  if (!existsSync(join(out, 'manifest.json'))) return readLines(join(out, 'labels.ndjson'));
  const read = (name) => JSON.parse(readFileSync(join(out, name), 'utf8'));
  const labels = read('labels.json');
  return read('manifest.json').runs.flatMap(({ name, mode, split, data, rows, dim, every, mse }) => {
    const { series, last_step, ...label } = labels[name] ?? {};
    if (label.steps === undefined) return [];
    const about = { name, family: 'mlp', mode, form: 'rows', data, split, rows, dim, every };
    return [{ ...about, scale_free: mse === 0, ...label }];
  });
}
