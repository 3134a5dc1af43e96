import { damagedIn } from '../shared/damaged.js';

/** Makes the E204 for a Parquet file that contradicts itself. */
export const damaged = damagedIn('the Parquet file is');
