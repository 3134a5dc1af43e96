/**
 * Node's process; undefined in a browser. Node's modules are asked of it by name when they are needed, so that a bundler for
 * browsers finds none to complain about.
 */
export const node = (globalThis as { readonly process?: NodeJS.Process }).process;

/** Changes flags of V8 for the whole process. */
export function setEngineFlag(flag: string): void {
  node?.getBuiltinModule?.('node:v8').setFlagsFromString(flag);
}
