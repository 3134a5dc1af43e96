import { ARENA_START, JOB, JOB_WORDS, JobField, type JobKind } from '../constants.js';
import { MEMORY, SHARED_MEMORY, type WasmMemory, type WasmModule, wasm } from './api.js';
import { compilePhases, type WasmProgram } from './compile.js';
import { node } from './node.js';
import type {
  AlgebraExports,
  MainExports,
  PassesExports,
  PhasesExports,
  TilesExports,
} from './wasm-modules.js';

const PAGE_BYTES = 65536;
/** Products that quick code does in less time than it takes to optimise it. */
const QUICK_PRODUCTS = 1e7;

/** All that a worker runs: it takes tasks until its thread ends. Who waits for one that traps would wait for ever. */
const SERVE = `const { workerData: w } = require('node:worker_threads');
const link = (module, more) => new WebAssembly.Instance(module, { env: { memory: w.memory }, ...more }).exports;
const prepare = () => {
  const bytes = Buffer.from(w.phases, 'base64');
  return link(new WebAssembly.Module(WebAssembly.validate(bytes) ? bytes : require('node:zlib').inflateRawSync(bytes)));
};
let own;
const phases = {};
for (const name of ['addPhases', 'addPairTerms', 'addNormalProjections'])
  phases[name] = (a, b, c, d, e, f, g, h) => (own ??= prepare())[name](a, b, c, d, e, f, g, h);
const tiles = link(w.tiles);
const main = link(w.main, { tiles, algebra: link(w.algebra, { tiles }), phases });
try {
  main.serve(w.thread);
} catch {
  main.abandonJob();
}`;

/** A matrix is larger than the machine or the 4 GiB of 32-bit addresses can hold. */
export class ArenaFull extends Error {}

/** The fields of a job; those left out are 0. */
export type Job = { readonly kind: JobKind } & { readonly [name in keyof typeof JobField]?: number };

/** Views of so few values, so near the start, are kept: calls of small matrices ask for the same ones again and again. */
const FEW = 2 ** 11;
const NEAR = 2 ** 22;
const MOST_KEPT = 512;

/** A memory that is laid out anew for each call. */
export class Arena {
  readonly #memory: WasmMemory;
  /** Asking the memory for it takes longer than a small pass. */
  #buffer: ArrayBufferLike;
  readonly #floats = new Map<number, Float64Array>();
  readonly #singles = new Map<number, Float32Array>();
  /** Where what is laid out anew may begin. */
  #start = ARENA_START;

  constructor(memory: WasmMemory) {
    this.#memory = memory;
    this.#buffer = memory.buffer;
  }

  /**
   * Lays out `sizes` (bytes) one after the other, grows the memory to hold them, and returns where each begins.
   * Throws `ArenaFull`.
   */
  allocate(sizes: readonly number[]): number[] {
    let end = this.#start;
    const places = sizes.map((bytes) => {
      const at = end;
      end += Math.ceil(bytes / 64) * 64;
      return at;
    });
    const missing = end - this.#buffer.byteLength;
    if (missing > 0) this.#grow(missing, end);
    return places;
  }

  #grow(missing: number, end: number): void {
    try {
      this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    } catch (cause) {
      throw new ArenaFull(`${end} bytes do not fit`, { cause });
    } finally {
      this.#buffer = this.#memory.buffer;
      this.#floats.clear();
      this.#singles.clear();
    }
  }

  /** Keeps `bytes` for longer than a call, in place of what was kept before; returns where they begin. Throws `ArenaFull`. */
  keep(bytes: number): number {
    this.#start = ARENA_START;
    const [at, end] = this.allocate([bytes, 0]) as [number, number];
    this.#start = end;
    return at;
  }

  /** Shows `length` float64 at `at`, until the memory grows. */
  floats(at: number, length: number): Float64Array {
    return keptView(this.#floats, at, length, () => new Float64Array(this.#buffer, at, length));
  }

  /** Shows `length` float32 at `at`, until the memory grows. */
  singles(at: number, length: number): Float32Array {
    return keptView(this.#singles, at, length, () => new Float32Array(this.#buffer, at, length));
  }

  /** Shows `length` u32 at `at`, until the memory grows. */
  words(at: number, length: number): Uint32Array {
    return new Uint32Array(this.#buffer, at, length);
  }

  /** Copies values as they are to `at`; the copy's elements keep their size. */
  copyIn(at: number, values: Float32Array | Float64Array): void {
    if (values instanceof Float32Array) this.singles(at, values.length).set(values);
    else this.floats(at, values.length).set(values);
  }
}

/** Finds the view of `length` values at `at`, or makes it; at most so many small ones are kept. */
function keptView<View>(kept: Map<number, View>, at: number, length: number, make: () => View): View {
  if (length >= FEW || at >= NEAR) return make();
  // Every place is a multiple of 4.
  const key = (at / 4) * FEW + length;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size >= MOST_KEPT) kept.clear();
  const view = make();
  kept.set(key, view);
  return view;
}

interface Linked {
  readonly tiles: TilesExports;
  readonly algebra: AlgebraExports;
  readonly exports: MainExports;
}

/** One build over one shared memory, with the threads that help it. */
export class WasmArena extends Arena {
  readonly #program: WasmProgram;
  readonly #memory: WasmMemory;
  /** The tiles that are linked. */
  #tiles: WasmModule;
  #linked: Linked;
  /** Products that quick tiles may still do. */
  #quick = QUICK_PRODUCTS;
  #helpers = 0;
  #phases: PhasesExports | undefined;
  #job: Uint32Array | undefined;

  constructor(program: WasmProgram) {
    const memory = new wasm.Memory(SHARED_MEMORY);
    super(memory);
    this.#program = program;
    this.#memory = memory;
    this.#tiles = program.tiles;
    this.#linked = this.#link();
  }

  get tiles(): TilesExports {
    return this.#linked.tiles;
  }

  get algebra(): AlgebraExports {
    return this.#linked.algebra;
  }

  get exports(): MainExports {
    return this.#linked.exports;
  }

  /** Has the tiles optimised where a call of so many products, with those before it, is worth that. */
  expect(products: number): void {
    if (this.#quick < 0) return;
    this.#quick -= products;
    if (this.#quick >= 0) return;
    this.#tiles = this.#program.optimiseTiles();
    this.#linked = this.#link();
  }

  /** Links the modules, whose state is all in the memory. */
  #link(): Linked {
    const env = { memory: this.#memory };
    const tiles = new wasm.Instance(this.#tiles, { env }).exports as TilesExports;
    const algebra = new wasm.Instance(this.#program.algebra, { env, tiles }).exports as AlgebraExports;
    // What needs them prepares them first.
    const unprepared = () => {
      throw new Error('the module of phases is not there yet');
    };
    const phases = this.#phases ?? {
      addPhases: unprepared,
      addPairTerms: unprepared,
      addNormalProjections: unprepared,
    };
    const main = new wasm.Instance(this.#program.main, { env, tiles, algebra, phases });
    return { tiles, algebra, exports: main.exports as MainExports };
  }

  /** Compiles the module of phases, once: before a job that needs it, so that helpers find its code made. */
  preparePhases(): PhasesExports {
    if (this.#phases === undefined) {
      const module = compilePhases(this.#program);
      this.#phases = new wasm.Instance(module, { env: { memory: this.#memory } }).exports as PhasesExports;
      this.#linked = this.#link();
    }
    return this.#phases;
  }

  get threads(): number {
    return this.#helpers + 1;
  }

  /** Writes the job that `exports.runJob` does next. */
  describeJob(job: Job): void {
    this.#job ??= this.words(JOB, JOB_WORDS);
    this.#job.fill(0);
    for (const name in job) this.#job[JobField[name as keyof Job]] = job[name as keyof Job]!;
  }

  /** Starts helpers until there are `threads` in all, in Node. They come when they are ready, and keep no process alive. */
  startThreads(threads: number): void {
    if (node?.getBuiltinModule === undefined) return;
    const { Worker } = node.getBuiltinModule('node:worker_threads');
    this.expect(Number.POSITIVE_INFINITY);
    const { algebra, main, phases } = this.#program;
    while (this.threads < threads) {
      this.#helpers++;
      const workerData = {
        tiles: this.#tiles,
        algebra,
        main,
        phases,
        memory: this.#memory,
        thread: this.#helpers,
      };
      new Worker(SERVE, { eval: true, workerData, stdin: false }).unref();
    }
  }
}

/** The passes over a memory of their own: no thread shares it, and engines copy into such a memory far faster. */
export class PassArena extends Arena {
  readonly exports: PassesExports;

  constructor({ passes }: WasmProgram) {
    const memory = new wasm.Memory(MEMORY);
    super(memory);
    this.exports = new wasm.Instance(passes, { env: { memory } }).exports as PassesExports;
  }
}
