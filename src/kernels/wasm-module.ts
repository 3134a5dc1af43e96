import { setFlagsFromString } from 'node:v8';
import { type WasmModule, wasm } from './wasm-api.js';
import { WASM_MODULES } from './wasm-modules.js';

export type WasmBuild = keyof typeof WASM_MODULES;

/** The compiled module of a build; null where this engine does not accept it. */
export function compileWasm(build: WasmBuild): WasmModule | null {
  const binary = Buffer.from(WASM_MODULES[build], 'base64');
  // Complete in Node 20, and behind a flag there; engines that need no flag are not asked for it.
  if (build === 'relaxed' && !wasm.validate(binary)) {
    setFlagsFromString('--experimental-wasm-relaxed-simd');
  }
  return wasm.validate(binary) ? new wasm.Module(binary) : null;
}
