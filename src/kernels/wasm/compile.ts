import { SHARED_MEMORY, type WasmMemory, type WasmModule, wasm } from './api.js';
import { type EngineFlag, engineFlagsKnown, withEngineFlags } from './engine-flags.js';
import { node, setEngineFlag } from './node.js';
import { type TilesExports, WASM_MODULES } from './wasm-modules.js';
import { productsAreFused, wideTilesAgree } from './wide-tiles-agree.js';

export type WasmBuild = keyof typeof WASM_MODULES.tiles;

/** The compiled modules of a build. */
export interface WasmProgram {
  /** The innermost loops, as the quick compiler makes them: the optimising one takes as long as Node to start. */
  readonly tiles: WasmModule;
  /** Makes the same tiles, to the last bit, with the optimising compiler. */
  readonly optimiseTiles: () => WasmModule;
  /** What factors a matrix. */
  readonly algebra: WasmModule;
  /** Jobs for all threads. */
  readonly main: WasmModule;
  readonly passes: WasmModule;
  /** Phases of projections, in base64 and mostly deflated: few runs ask for them. */
  readonly phases: string;
}

/** The optimising compiler, and all of the code at once: quick code would last as long as a small batch does. */
const OPTIMISE: readonly EngineFlag[] = [
  { on: '--no-liftoff', off: '--liftoff' },
  { on: '--no-wasm-lazy-compilation', off: '--wasm-lazy-compilation' },
  // Gone without the quick compiler, and on Node 20 and 22 not back with it.
  { on: '--no-wasm-dynamic-tiering', off: '--wasm-dynamic-tiering' },
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
 * Node 24 on, which can join neighbouring vectors where it fuses products.
 */
export function compileWasm(build: WasmBuild): WasmProgram | null {
  const wide = build === 'wide';
  if (wide && !(node?.arch === 'x64' && engineFlagsKnown(24))) return null;
  const tiles = wide ? bytesOf(WASM_MODULES.tiles.wide) : moduleOf('tiles', build);
  const algebra = moduleOf('algebra', build);
  // Complete in Node 20, and behind a flag there; engines that need no flag are not asked for it. It stays on: other threads,
  // which have the same flags, compile at the same time.
  if (build === 'relaxed' && !wasm.validate(tiles)) setEngineFlag('--experimental-wasm-relaxed-simd');
  if (!wasm.validate(tiles) || !wasm.validate(algebra)) return null;
  const quick = new wasm.Module(tiles);
  if (wide && !fusesProducts(quick)) return null;
  return {
    tiles: quick,
    optimiseTiles: () => (wide ? joinedTiles(tiles) : compileWell(marked(tiles, 'o'), OPTIMISE)),
    algebra: new wasm.Module(algebra),
    main: new wasm.Module(bytesOf(WASM_MODULES.main.plain)),
    passes: new wasm.Module(bytesOf(WASM_MODULES.passes.alone)),
    phases: build === 'plain' ? textOf(moduleOf('phases', build)) : WASM_MODULES.phases.relaxed,
  };
}

/** Compiles the module of phases. */
export function compilePhases({ phases }: WasmProgram): WasmModule {
  return compileWell(inflated(phases), OPTIMISE);
}

/** Reads the module of a part that `plain` has of its own, and the others share. */
function moduleOf(part: 'tiles' | 'algebra' | 'phases', build: WasmBuild): Uint8Array {
  const { relaxed, plain } = WASM_MODULES[part];
  return build === 'plain' ? inflated(plain, inflated(relaxed)) : inflated(relaxed);
}

const { Buffer: NodeBuffer } = globalThis as { readonly Buffer?: typeof Buffer };

function bytesOf(text: string): Uint8Array {
  return NodeBuffer?.from(text, 'base64') ?? Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

function textOf(bytes: Uint8Array): string {
  return NodeBuffer?.from(bytes).toString('base64') ?? btoa(String.fromCharCode(...bytes));
}

/**
 * Inflates a module, which may have been deflated beside another; one that begins as modules do stays as it is, as all do
 * in the library's bundle: a browser cannot inflate at once. zlib is loaded here alone: hardly any engine comes by.
 */
function inflated(text: string, dictionary?: Uint8Array): Uint8Array {
  const bytes = bytesOf(text);
  if (bytes[0] === 0) return bytes;
  return node!.getBuiltinModule('node:zlib').inflateRawSync(bytes, dictionary && { dictionary });
}

function compileWell(bytes: Uint8Array, flags: readonly EngineFlag[]): WasmModule {
  if (!engineFlagsKnown(20)) return new wasm.Module(bytes);
  return withEngineFlags(flags, () => new wasm.Module(bytes));
}

/**
 * Adds an empty section of that name, one letter. Where a module of the same bytes is alive, V8 gives its code, whatever flags
 * it was made with: other bytes are compiled anew.
 */
function marked(bytes: Uint8Array, letter: string): Uint8Array {
  const section = [0, 2, 1, letter.charCodeAt(0)];
  const out = new Uint8Array(bytes.length + section.length);
  out.set(bytes);
  out.set(section, bytes.length);
  return out;
}

/** Compiles wide tiles with their vectors joined; without, should that change a bit of what they give. */
function joinedTiles(bytes: Uint8Array): WasmModule {
  const joined = compileWell(marked(bytes, 'j'), [...OPTIMISE, REVECTORISE]);
  const memory = new wasm.Memory(SHARED_MEMORY);
  const narrow = tilesOf(new wasm.Module(bytesOf(WASM_MODULES.tiles.relaxed)), memory);
  return wideTilesAgree(tilesOf(joined, memory), narrow, memory.buffer)
    ? joined
    : compileWell(marked(bytes, 'o'), OPTIMISE);
}

/** An engine that fuses no products joins no vectors either, and wide tiles would be slow there. */
function fusesProducts(tiles: WasmModule): boolean {
  const memory = new wasm.Memory(SHARED_MEMORY);
  return productsAreFused(tilesOf(tiles, memory), memory.buffer);
}

function tilesOf(module: WasmModule, memory: WasmMemory): TilesExports {
  return new wasm.Instance(module, { env: { memory } }).exports as TilesExports;
}
