#!/usr/bin/env node
import module from 'node:module';
import process from 'node:process';

// Compiled code is kept between runs where Node can: from 22.1 on.
module.enableCompileCache?.();
const { main } = await import('../dist/cli.js');

process.exitCode = await main({
  argv: process.argv.slice(2),
  cwd: process.cwd(),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt,
  measureWorker: new URL('../dist/measure-worker.js', import.meta.url),
});

function onInterrupt(listener) {
  process.once('SIGINT', listener);
  process.once('SIGTERM', listener);
  return () => process.off('SIGINT', listener).off('SIGTERM', listener);
}
