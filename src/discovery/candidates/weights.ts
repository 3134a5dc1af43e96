import { InputError } from '#errors.js';
import type { ArrayDescription } from '#formats/shared/define-format.js';
import { showPath } from '../names/tree-path.js';
import type { FileDescription } from '../paths/file-tree.js';
import type { DiscoveryRequest } from '../paths/request.js';
import { stepColumn } from './step-column.js';

/** The dicts of a checkpoint that hold weights, or the state of what trains them. */
const WEIGHTS_DICT =
  /(?<!\p{L})(model|module|state_dict|adapter|ema|optim|optimizer|opt|scheduler|scaler|rng_state)(?!\p{L})/iu;
const MAX_NAME = 200;

/** Why a file of nothing else is passed over. */
export const ALL_WEIGHTS = 'its arrays are weights; --pred-key chooses one all the same';

/**
 * Returns a file's description without the arrays that are a model's weights, whatever roles their names seem to claim:
 * those in a dict called `model`, `optimizer` and the like, and all of a file whose keys are a state dict's
 * (`….weight`, `….bias`). What `--pred-key` or its like names stays.
 */
export function withoutWeights(description: FileDescription, request: DiscoveryRequest): FileDescription {
  const { predKey, targetKey, contextKey, maskKey, labelKey, groupKey } = request;
  const asked = [predKey, targetKey, contextKey, maskKey, labelKey, groupKey];
  const step = stepColumn(description);
  const outside = description.arrays.filter(({ key }) => key === null || !isInWeightsDict(key));
  const isStateDict = outside.some(
    ({ key, kind }) =>
      key !== null &&
      ((kind === 'matrix' && /(^|\.)weight$/.test(key)) ||
        (kind === 'vector' && /(^|\.)bias$/.test(key)) ||
        key.startsWith('param_groups.')),
  );
  const kept: ReadonlySet<ArrayDescription> = new Set(isStateDict ? [] : outside);
  const arrays = description.arrays.filter(
    (array) => array === step || asked.includes(array.key ?? undefined) || kept.has(array),
  );
  return arrays.length === description.arrays.length ? description : { ...description, arrays };
}

function isInWeightsDict(key: string): boolean {
  const dot = key.indexOf('.');
  return dot > 0 && dot <= MAX_NAME && WEIGHTS_DICT.test(key.slice(0, dot));
}

/** Makes the error for such a file where --pred or --target names it. */
export function allWeights(path: string): InputError {
  return new InputError('E212', `the arrays of ${showPath(path)} are a model's weights`, {
    path,
    hint: 'save embeddings, or choose an array with --pred-key and --target-key',
  });
}
