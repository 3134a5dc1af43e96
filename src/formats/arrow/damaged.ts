import { damagedIn } from '../shared/damaged.js';

/** Makes the E204 for an Arrow file that contradicts itself. */
export const damaged = damagedIn('the Arrow file is');

/** Makes the E204 for what stands in a flatbuffer. */
export const damagedHeader = damagedIn('the Arrow file is', 'a header');
