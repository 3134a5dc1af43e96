import { defineFormat } from '../shared/define-format.js';
import { firstMember, isTorchMember } from '../shared/zip-head.js';

/** numpy's .npz: a zip of .npy members, stored or deflated. */
export const npz = defineFormat({
  id: 'npz',
  title: 'NumPy archive',
  extensions: ['.npz'],
  matches(head) {
    const name = firstMember(head);
    return name !== null && !isTorchMember(name);
  },
  open: async (source, options) => (await import('./open.js')).openNpz(source, options),
});
