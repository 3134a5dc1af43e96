import { defineFormat } from '../shared/define-format.js';

/** Parquet. `PARE` marks a file whose footer is encrypted; it is refused when opened. */
export const parquet = defineFormat({
  id: 'parquet',
  title: 'Parquet',
  extensions: ['.parquet', '.pq'],
  matches: (head) => /^PAR[1E]$/.test(String.fromCharCode(...head.subarray(0, 4))),
  open: async (source, options) => (await import('./open.js')).openParquet(source, options),
});
