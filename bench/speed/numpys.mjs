// The numpys of this machine: a peer is only as fast as its installation, so that the faster one counts.
import { printed } from './processes.mjs';

/** What distributions and pip bring: the Python on the path, and the system's own. */
const PYTHONS = (process.env.PYTHON ?? 'python3:/usr/bin/python3').split(':');

/** [{python, version, blas, name}] of each interpreter that has numpy, the one on the path first. */
export function numpyPeers() {
  const found = new Map();
  for (const python of PYTHONS) {
    const executable = printed([python, '-c', 'import sys; print(sys.executable)']);
    const version = executable === null ? null : moduleVersion(executable, 'numpy');
    if (version === null || found.has(executable)) continue;
    const blas = printed([executable, 'bench/speed/peers/blas.py']) ?? 'unknown BLAS';
    const packed = executable.startsWith('/usr/bin/') ? "the system's package" : 'pip';
    found.set(executable, { python: executable, version, blas, name: `numpy ${version} (${packed})` });
  }
  return [...found.values()];
}

/** The version of a module, or null where this interpreter has none. */
export function moduleVersion(python, module) {
  return printed([python, '-c', `import ${module}; print(${module}.__version__)`]);
}
