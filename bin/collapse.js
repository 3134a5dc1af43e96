#!/usr/bin/env node
'use strict';
const module_ = require('node:module');
const process = require('node:process');
const { pathToFileURL } = require('node:url');

// Compiled code is kept between runs where Node can: from 22.1 on.
module_.enableCompileCache?.();
const { main } = require('../dist/cli.cjs');

main({
  argv: process.argv.slice(2),
  cwd: process.cwd(),
  env: process.env,
  // Opening it costs, and few look at it.
  stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt,
  measureWorker: pathToFileURL(require.resolve('../dist/measure-worker.cjs')),
}).then((code) => {
  process.exitCode = code;
});

function onInterrupt(listener) {
  process.once('SIGINT', listener);
  process.once('SIGTERM', listener);
  return () => process.off('SIGINT', listener).off('SIGTERM', listener);
}
