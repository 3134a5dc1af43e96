'use strict';
// Loads the executable's chunks with the code that V8 compiled for them in an earlier run.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const process = require('node:process');

const MAGIC = 0x436f6c31;
const HEADER = 12;
const isNode20 = process.version.startsWith('v20.');

/**
 * Returns a `require` for the CommonJS files below `root`, and `keep`, which writes what was compiled anew. `use` keeps
 * apart what different commands run of a file. `directory` is null where nothing is kept.
 */
exports.loaderOf = (root, directory, use) => {
  const fresh = [];
  if (isNode20) {
    // The kernels ask for it, for good. Code is only good for the flags that it was made with: they are the same from the start.
    const simd = directory === null ? '' : '--experimental-wasm-relaxed-simd ';
    // What discovery leaves of a long run would grow to four times what is kept before it is collected; and a check of
    // some hundred steps is over before what V8 optimises after a third of this budget has repaid that.
    const memoryAndTime = '--heap-growing-percent=50 --interrupt-budget=400000';
    require('node:v8').setFlagsFromString(simd + memoryAndTime);
  }
  const own =
    directory === null
      ? ''
      : path.join(directory, `${process.version}-${process.arch}-${nameOf(root)}-${use}`);
  const load = (file, parent) => {
    const known = Module._cache[file];
    if (known !== undefined) return known.exports;
    const module = new Module(file, parent);
    module.filename = file;
    module.paths = parent.paths;
    Module._cache[file] = module;
    try {
      const run = compiled(file, directory === null ? null : `${own}-${path.basename(file)}.bin`, fresh);
      run.call(module.exports, module.exports, requireOf(module), module, file, path.dirname(file));
    } catch (error) {
      delete Module._cache[file];
      throw error;
    }
    module.loaded = true;
    return module.exports;
  };
  const requireOf = (module) => (id) => {
    if (!id.startsWith('.')) return module.require(id);
    const file = path.join(path.dirname(module.filename), id);
    return file.startsWith(root + path.sep) ? load(file, module) : module.require(id);
  };
  return {
    load,
    keep: () => {
      try {
        keep(directory, fresh);
      } catch {
        // The directory was removed meanwhile, or cannot be used any more: the next run compiles again.
      }
    },
  };
};

/** Is true for an engine that has been seen to know the flags: others say on stderr that they do not. */
const isKnownEngine = () => Number.parseInt(process.versions.node, 10) <= 24;

const SAVING = {
  on: '--semi-space-growth-factor=1 --no-concurrent-array-buffer-sweeping --heap-growing-percent=50',
  off: `--semi-space-growth-factor=2 --concurrent-array-buffer-sweeping --heap-growing-percent=${isNode20 ? 50 : 0}`,
};
/** What a long run did at its start would be forgotten, and missing in what is kept for the next start. */
const HOLDING = { on: '--no-flush-bytecode', off: '--flush-bytecode' };
const changed = new Set();

/** Changes flags of a run that has begun. Loading the module that does takes 2 ms: most runs change none. */
function change(flags) {
  if (changed.has(flags) || !isKnownEngine()) return;
  changed.add(flags);
  require('node:v8').setFlagsFromString(flags.on);
}

/**
 * Keeps the memory of a long run or a large step small. Each step, or block of rows, leaves hundreds of small arrays and
 * little that lives on: a young generation that grows takes 40 to 150 MB more, and a small one is collected before other
 * threads have woken.
 */
exports.saveMemory = () => change(SAVING);

/** Lets code be loaded or kept under the flags of the start, which are part of what is kept. */
function withFlagsOfStart(work) {
  if (changed.size === 0) return work();
  const { setFlagsFromString } = require('node:v8');
  for (const { off } of changed) setFlagsFromString(off);
  try {
    return work();
  } finally {
    for (const { on } of changed) setFlagsFromString(on);
  }
}

/** Two installations that are used in turn do not overwrite what the other keeps. */
function nameOf(root) {
  let hash = 0;
  for (let i = 0; i < root.length; i++) hash = (Math.imul(hash, 31) + root.charCodeAt(i)) >>> 0;
  return hash.toString(36);
}

/** Compiles a file as Node does; by what is kept of it, if that is of the same text and undamaged. */
function compiled(file, kept, fresh) {
  const { Script } = require('node:vm');
  const source = textOf(file);
  const cachedData = kept === null ? undefined : read(kept, source);
  const wrapper = Module.wrap(source.toString());
  const script = withFlagsOfStart(() => new Script(wrapper, { filename: file, cachedData }));
  // V8 refuses code of other flags; whoever runs with flags now and then leaves what runs without them.
  const isRefused =
    script.cachedDataRejected === true && process.execArgv.length === 0 && !process.env.NODE_OPTIONS;
  if (kept !== null && (cachedData === undefined || isRefused)) {
    fresh.push({ script, kept, source });
    change(HOLDING);
  }
  return script.runInThisContext();
}

function textOf(file) {
  try {
    return fs.readFileSync(file);
  } catch (cause) {
    const error = new Error(`Cannot find module '${file}'`, { cause });
    throw Object.assign(error, { code: 'MODULE_NOT_FOUND' });
  }
}

/** A kept file is the text it was made of, and the code twice: V8 does not look for damage in it. */
function read(kept, source) {
  let bytes;
  try {
    const opened = fs.openSync(kept, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
    try {
      if (!isOwn(fs.fstatSync(opened), 0o022)) return undefined;
      bytes = fs.readFileSync(opened);
    } finally {
      fs.closeSync(opened);
    }
  } catch {
    return undefined;
  }
  if (bytes.length < HEADER || bytes.readUInt32LE(0) !== MAGIC) return undefined;
  const [text, code] = [bytes.readUInt32LE(4), bytes.readUInt32LE(8)];
  if (bytes.length !== HEADER + text + 2 * code) return undefined;
  const first = bytes.subarray(HEADER + text, HEADER + text + code);
  const isWhole =
    bytes.subarray(HEADER, HEADER + text).equals(source) &&
    bytes.subarray(HEADER + text + code).equals(first);
  return isWhole ? first : undefined;
}

/** Writes to a file of its own and renames that: another process sees the old, the new or nothing. */
function keep(directory, fresh) {
  if (fresh.length === 0) return;
  for (const { script, kept, source } of fresh) {
    const temporary = `${kept}.${process.pid}`;
    try {
      const code = withFlagsOfStart(() => script.createCachedData());
      const header = Buffer.alloc(HEADER);
      for (const [k, word] of [MAGIC, source.length, code.length].entries())
        header.writeUInt32LE(word, 4 * k);
      fs.writeFileSync(temporary, Buffer.concat([header, source, code, code]), { mode: 0o600, flag: 'wx' });
      fs.renameSync(temporary, kept);
    } catch {
      fs.rmSync(temporary, { force: true });
      return;
    }
  }
  sweep(directory);
}

/** What `own` names, and what a writer that was killed left of it. */
const KEPT = /^v\d+\.\d+\.\d+\S*-\S+\.cjs\.bin(?:\.\d+)?$/;
const MONTH_MS = 30 * 24 * 3600 * 1000;

/** Removes what other versions left. */
function sweep(directory) {
  for (const name of fs.readdirSync(directory)) {
    // Whoever named a directory may keep other files there.
    if (!KEPT.test(name)) continue;
    const file = path.join(directory, name);
    try {
      if (Date.now() - fs.lstatSync(file).mtimeMs > MONTH_MS) fs.unlinkSync(file);
    } catch {
      // Another process was first.
    }
  }
}

/**
 * Returns where compiled code is kept: COLLAPSE_CODE_CACHE, or a directory in the user's own cache, made where it is missing.
 * Null where that is turned off, or where anybody else could write: whoever can write there can run code as this user.
 */
exports.cacheDirectory = (env) => {
  const asked = env.COLLAPSE_CODE_CACHE;
  if (asked === '0' || asked === 'off' || env.NODE_DISABLE_COMPILE_CACHE === '1') return null;
  // Without owners there is nothing to tell whose a directory is.
  if (process.getuid === undefined) return null;
  const directory = asked ? path.resolve(asked) : inHome(env);
  if (directory === null) return null;
  try {
    return isOwnDirectory(directory) ? directory : null;
  } catch (error) {
    if (error.code !== 'ENOENT') return null;
  }
  try {
    makeFolders(directory);
    return isOwnDirectory(directory) ? directory : null;
  } catch {
    return null;
  }
};

/** Node's own, below a directory such as /proc in which nothing can be made, does not come to an end. */
function makeFolders(directory) {
  const missing = [];
  for (let at = directory; !fs.existsSync(at); at = path.dirname(at)) missing.push(at);
  for (const at of missing.reverse()) {
    try {
      fs.mkdirSync(at, 0o700);
    } catch (error) {
      // Another process was first.
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

function inHome({ XDG_CACHE_HOME, HOME }) {
  const isAbsolute = (place) => place !== undefined && path.isAbsolute(place);
  if (isAbsolute(XDG_CACHE_HOME)) return path.join(XDG_CACHE_HOME, 'embedding-collapse/code');
  return isAbsolute(HOME) ? path.join(HOME, '.cache/embedding-collapse/code') : null;
}

function isOwnDirectory(directory) {
  const found = fs.lstatSync(directory);
  return found.isDirectory() && isOwn(found, 0o077);
}

/** `others` are the rights that nobody else may have. */
function isOwn({ uid, mode }, others) {
  return uid === process.getuid() && (mode & others) === 0;
}
