import { arrow } from './arrow.mjs';
import { parquet } from './parquet.mjs';
import { safetensors } from './safetensors.mjs';
import { npz, pt } from './zip.mjs';

/** Makers of whole files, by format; each takes a generator of whole numbers. */
export const GRAMMARS = { arrow, npz, parquet, pt, safetensors };
