import { SHARED_MEMORY, type WasmModule, wasm } from './api.js';
import { type EngineFlag, engineFlagsKnown, withEngineFlags } from './engine-flags.js';
import { node, setEngineFlag } from './node.js';
import { type TilesExports, WASM_MODULES } from './wasm-modules.js';
import { wideTilesAgree } from './wide-tiles-agree.js';

export type WasmBuild = keyof typeof WASM_MODULES.tiles;

/** The compiled modules of a build. */
export interface WasmProgram {
  /** The innermost loops. */
  readonly tiles: WasmModule;
  /** What factors a matrix. */
  readonly algebra: WasmModule;
  /** Jobs for all threads. */
  readonly main: WasmModule;
  readonly passes: WasmModule;
  /** Phases of projections, in base64 and deflated: few runs ask for them. */
  readonly phases: string;
}

/** The optimising compiler from the start: quick code would last as long as a small batch does. */
const OPTIMISE: readonly EngineFlag[] = [
  { on: '--no-liftoff', off: '--liftoff' },
  { on: '--no-wasm-lazy-compilation', off: '--wasm-lazy-compilation' },
];
/**
 * Two operations of 128 bits side by side become one of 256. On Node 24 a check of the default group takes 1.3 times as
 * long without at 1024×1024, and 1.5 times at 4096×1024.
 */
const REVECTORISE: EngineFlag = {
  on: '--experimental-wasm-revectorize',
  off: '--no-experimental-wasm-revectorize',
};

/**
 * Compiles the modules of a build; null where this engine does not accept it. The build `wide` asks for V8 on x64 from
 * Node 24 on, which can join neighbouring vectors, and for tiles that then agree with the others' to the last bit.
 */
export function compileWasm(build: WasmBuild): WasmProgram | null {
  const wide = build === 'wide';
  if (wide && !(node?.arch === 'x64' && engineFlagsKnown(24))) return null;
  const tiles = bytesOf(WASM_MODULES.tiles[build]);
  const algebra =
    build === 'plain' ? inflated(WASM_MODULES.algebra.plain) : bytesOf(WASM_MODULES.algebra.relaxed);
  // Complete in Node 20, and behind a flag there; engines that need no flag are not asked for it.
  if (build === 'relaxed' && !wasm.validate(tiles)) setEngineFlag('--experimental-wasm-relaxed-simd');
  if (!wasm.validate(tiles) || !wasm.validate(algebra)) return null;
  const program = {
    tiles: compileWell(tiles, wide),
    algebra: new wasm.Module(algebra),
    main: new wasm.Module(bytesOf(WASM_MODULES.main.plain)),
    passes: new wasm.Module(bytesOf(WASM_MODULES.passes.alone)),
    phases: build === 'plain' ? WASM_MODULES.phases.plain : WASM_MODULES.phases.relaxed,
  };
  return wide && !agreesWithNarrow(program.tiles) ? null : program;
}

/** Compiles the module of phases. */
export function compilePhases({ phases }: WasmProgram): WasmModule {
  return compileWell(inflated(phases), false);
}

function bytesOf(text: string): Uint8Array {
  const { Buffer: NodeBuffer } = globalThis as { readonly Buffer?: typeof Buffer };
  return NodeBuffer?.from(text, 'base64') ?? Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/**
 * Inflates a module; one that is not deflated stays as it is, as all do in the library's bundle: a browser cannot inflate at
 * once. zlib is loaded here alone: hardly any engine comes by.
 */
function inflated(text: string): Uint8Array {
  const bytes = bytesOf(text);
  return wasm.validate(bytes) ? bytes : node!.getBuiltinModule('node:zlib').inflateRawSync(bytes);
}

function compileWell(bytes: Uint8Array, wide: boolean): WasmModule {
  if (!engineFlagsKnown(20)) return new wasm.Module(bytes);
  return withEngineFlags(wide ? [...OPTIMISE, REVECTORISE] : OPTIMISE, () => new wasm.Module(bytes));
}

function agreesWithNarrow(tiles: WasmModule): boolean {
  const memory = new wasm.Memory(SHARED_MEMORY);
  const exportsOf = (module: WasmModule) =>
    new wasm.Instance(module, { env: { memory } }).exports as TilesExports;
  const narrow = compileWell(bytesOf(WASM_MODULES.tiles.relaxed), false);
  return wideTilesAgree(exportsOf(tiles), exportsOf(narrow), memory.buffer);
}
