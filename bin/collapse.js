#!/usr/bin/env node
'use strict';
const path = require('node:path');
const process = require('node:process');
const { pathToFileURL } = require('node:url');
const { cacheDirectory, loaderOf, saveMemory } = require('./code-cache.js');

const DIST = path.join(__dirname, '../dist');

start();

function start() {
  const cwd = workingDirectory();
  if (cwd === null) return;
  const [command = ''] = process.argv.slice(2);
  const use = /^[a-z]{1,12}$/.test(command) ? command : 'other';
  const { load, keep } = loaderOf(DIST, cacheDirectory(process.env), use);
  let main;
  try {
    ({ main } = load(path.join(DIST, 'cli.cjs'), module));
  } catch (error) {
    broken(error);
    return;
  }
  main({
    argv: process.argv.slice(2),
    cwd,
    env: process.env,
    // Opening it costs, and few look at it.
    stdin: { fd: 0, [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    stdout: process.stdout,
    stderr: process.stderr,
    onInterrupt,
    saveMemory,
    measureWorker: pathToFileURL(path.join(DIST, 'measure-worker.cjs')),
  }).then((code) => {
    process.exitCode = code;
    // A command that failed has not run what the next one will.
    if (code === 0 || code === 1) keep();
  }, broken);
}

/** Returns null, with an error told, where the directory was removed: that is no alert, which Node's exit code 1 would say. */
function workingDirectory() {
  try {
    return process.cwd();
  } catch (error) {
    process.stderr.write(`error[E202] the working directory cannot be used: ${error.code}\n`);
    process.stderr.write('  help: change to a directory that is there\n');
    process.exitCode = 3;
    return null;
  }
}

/** A part is missing, as while it is installed anew: that is no alert, which exit code 1 would say. */
function broken(error) {
  process.stderr.write(`error[E901] this installation is broken: ${String(error?.message).split('\n')[0]}\n`);
  process.stderr.write('  help: install embedding-collapse again, or build it: npm run build\n');
  process.exitCode = 70;
}

/** Lets a listener hear of signals; the second ends the process once it has. */
function onInterrupt(listener) {
  const signals = ['SIGHUP', 'SIGINT', 'SIGTERM'];
  let isSecond = false;
  const release = () => {
    for (const signal of signals) process.off(signal, heard);
  };
  const heard = (signal) => {
    listener(signal);
    if (!isSecond) isSecond = true;
    else {
      release();
      process.kill(process.pid, signal);
    }
  };
  for (const signal of signals) process.on(signal, heard);
  return release;
}
