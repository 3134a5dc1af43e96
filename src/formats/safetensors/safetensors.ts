import { defineFormat } from '../shared/define-format.js';

/** Hugging Face's safetensors: a JSON header, then plain little-endian tensors in C order. */
export const safetensors = defineFormat({
  id: 'safetensors',
  title: 'safetensors',
  extensions: ['.safetensors'],
  // The header's length in eight bytes, of which a sane one uses five, then the header.
  matches: (head) => head[8] === 0x7b && head[5] === 0 && head[6] === 0 && head[7] === 0,
  open: async (source, options) => (await import('./open.js')).openSafetensors(source, options),
});
