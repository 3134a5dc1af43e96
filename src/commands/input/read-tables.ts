import { resolve } from 'node:path';
import { CollapseError, InputError, UsageError } from '#errors.js';
import { readRegular } from '#io/regular-file.js';
import { METRIC_IDS } from '#metrics/ids.js';
import type { FlagValues } from '#options/flags.js';
import { OWN_DOCUMENT } from '#report/own-document.js';
import type { MeasureRecord } from '#report/record.js';
import { refuseDoubleMaps } from './table/columns.js';
import { firstObject } from './table/json-lines.js';
import { LIMITS } from './table/table.js';

const DELIMITED = /\.[ct]sv$/i;
const RECORD_TYPES: readonly unknown[] = ['step', 'error', 'warning', 'summary'];

/** Tells files of values that other software logged from records, and reads them. */
export class Tables {
  readonly #asked: Pick<FlagValues, 'map' | 'stepColumn'>;
  #found = 0;

  /** Throws `UsageError` E104 where two columns are mapped to one metric. */
  constructor(asked: Pick<FlagValues, 'map' | 'stepColumn'>) {
    this.#asked = asked;
    refuseDoubleMaps(asked.map ?? []);
  }

  /** Tests a name for that of a table, which has limits of its own. */
  isTable(path: string): boolean {
    return DELIMITED.test(path);
  }

  /** Reads a file that by its name is a table; null for another. A device or an endless file is refused. */
  textOf(path: string, cwd: string): string | null {
    if (!this.isTable(path)) return null;
    try {
      return readRegular(resolve(cwd, path), { mostBytes: LIMITS.bytes }).replace(/^\ufeff/, '');
    } catch (error) {
      throw error instanceof CollapseError ? error.with({ path }) : error;
    }
  }

  /** The records of a table's text; null where it is one of records. */
  async recordsOf(text: string, path: string): Promise<MeasureRecord[] | null> {
    if (OWN_DOCUMENT.test(text)) {
      throw new InputError('E231', 'this is a state, a reference or a report of this tool, and no records', {
        path,
        hint: 'pass what `collapse measure` or `-o ndjson` wrote; a state or reference is named by --state or --reference',
      });
    }
    if (!this.#hasTable(text, path)) return null;
    this.#found += 1;
    const { map = [], stepColumn } = this.#asked;
    const { tableRecords } = await import('./table/table-records.js');
    return tableRecords(text, path, { map, stepColumn });
  }

  /** Throws `UsageError` E104 where columns were named and no file has any. */
  refuseUnused(): void {
    const flag = this.#asked.map !== undefined ? '--map' : '--step-column';
    if (this.#found > 0 || (this.#asked.map ?? this.#asked.stepColumn) === undefined) return;
    throw new UsageError('E104', `${flag} names columns, and these are records of \`collapse measure\``, {
      hint: `leave ${flag} out: records have the metrics by their names`,
    });
  }

  #hasTable(text: string, path: string): boolean {
    if (this.isTable(path)) return true;
    const first = firstObject(text);
    if (first !== null && RECORD_TYPES.includes(first.type)) return false;
    if (this.#asked.map !== undefined || this.#asked.stepColumn !== undefined) return true;
    return first !== null && METRIC_IDS.some((id) => text.includes(`"${id}"`) || text.includes(`/${id}"`));
  }
}
