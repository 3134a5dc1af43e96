/** Where an array lies that a line of Python reads or rewrites. */
export interface AdvicePlace {
  readonly path: string;
  /** The array inside the file; null where it holds one. */
  readonly key?: string | null;
}

export const IMPORT = 'import numpy as np';
/** What is left of a dict: the array named after the role, or its first. */
export const fromDict = (role: string): string =>
  `x = x.get("${role}", next(iter(x.values()))) if isinstance(x, dict) else x`;
/** A tensor, whatever its type and layout and whether it has a gradient, as what numpy takes. */
export const tensorTo = (x: string): string =>
  `${x}.detach().to_dense().dequantize().float().resolve_neg().cpu() if hasattr(${x}, "detach") else ${x}`;
export const FROM_TENSOR = `x = ${tensorTo('x')}`;
export const AS_ARRAY = 'np.asarray(x, "float32")';

/** What to do about a file of torch.save that holds something else. */
export const TENSORS_ALONE =
  'save the tensors alone: `torch.save({"prediction": prediction, "target": target}, path)`; weights and modules are not embeddings';

/** Returns the line of Python that replaces an array of objects, which is never unpickled here, by its numbers. */
export function objectsLine(place: AdvicePlace, isOne: boolean, role = 'prediction'): string {
  if (!isOne) return rewritten(place, 'np.array([np.asarray(row, "float32") for row in x])');
  return rewritten(place, AS_ARRAY, `x = x.item(); ${fromDict(role)}; ${FROM_TENSOR}; `);
}

/** Returns the line of Python that replaces an array `x` by an expression of it, in its own file. */
export function rewritten({ path, key = null }: AdvicePlace, expression: string, before = ''): string {
  const file = pythonText(path);
  if (key === null) {
    return `${IMPORT}; x = np.load(${file}, allow_pickle=True); ${before}np.save(${file}, ${expression})`;
  }
  const name = pythonText(key);
  return `${IMPORT}; z = dict(np.load(${file}, allow_pickle=True)); x = z[${name}]; ${before}z[${name}] = ${expression}; np.savez(${file}, **z)`;
}

/** Returns a text as Python writes it. */
export function pythonText(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
