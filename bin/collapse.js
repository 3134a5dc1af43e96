#!/usr/bin/env node
'use strict';
const module_ = require('node:module');
const process = require('node:process');
const { pathToFileURL } = require('node:url');

// Compiled code is kept between runs where Node can: from 22.1 on.
module_.enableCompileCache?.();
start();

function start() {
  let main;
  try {
    ({ main } = require('../dist/cli.cjs'));
  } catch (error) {
    broken(error);
    return;
  }
  main({
    argv: process.argv.slice(2),
    cwd: process.cwd(),
    env: process.env,
    // Opening it costs, and few look at it.
    stdin: { fd: 0, [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    stdout: process.stdout,
    stderr: process.stderr,
    onInterrupt,
    measureWorker: pathToFileURL(require.resolve('../dist/measure-worker.cjs')),
  }).then((code) => {
    process.exitCode = code;
  }, broken);
}

/** A part is missing, as while it is installed anew: that is no alert, which exit code 1 would say. */
function broken(error) {
  process.stderr.write(`error[E901] this installation is broken: ${String(error?.message).split('\n')[0]}\n`);
  process.stderr.write('  help: install embedding-collapse again, or build it: npm run build\n');
  process.exitCode = 70;
}

function onInterrupt(listener) {
  const signals = ['SIGHUP', 'SIGINT', 'SIGTERM'];
  for (const signal of signals) process.once(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
