import { INITIAL_PAGES, MAXIMUM_PAGES } from '../constants.js';

/** The part of WebAssembly's API that is used here: TypeScript declares it only together with the browser's. */
interface WasmApi {
  validate(binary: Uint8Array): boolean;
  readonly Module: new (binary: Uint8Array) => WasmModule;
  readonly Memory: new (size: { initial: number; maximum: number; shared?: true }) => WasmMemory;
  readonly Instance: new (
    module: WasmModule,
    imports: {
      readonly env: { readonly memory: WasmMemory };
      readonly tiles?: object;
      readonly algebra?: object;
      readonly phases?: object;
    },
  ) => { readonly exports: object };
}

/** Compiled code, which threads may share. */
export interface WasmModule {
  readonly [Symbol.toStringTag]?: 'WebAssembly.Module';
}

export interface WasmMemory {
  /** A new object, longer, after each growth; older views stay valid if it is shared. */
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(pages: number): number;
}

export const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: WasmApi };

/** As the modules declare it. */
export const MEMORY = { initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES } as const;
/** That of threads. */
export const SHARED_MEMORY = { ...MEMORY, shared: true } as const;
