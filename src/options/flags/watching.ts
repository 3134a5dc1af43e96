import { servePlace } from '../parse/serve-place.js';
import { duration, nonEmptyText, stepNumber } from '../parse/value-parsers.js';
import { type Flag, flagOf, isOn } from './flag.js';

const flag = flagOf('Watching');

export const WATCHING = {
  until: flag(['watch'], '--until <step>', 'stop once every run has this step or a later one', stepNumber),
  timeout: flag(['watch'], '--timeout <time>', 'stop after this long: 90s, 30m, 12h', duration),
  interval: flag(['watch'], '--interval <time>', 'how often to look', duration, '5s'),
  serve: {
    ...flag(
      ['watch'],
      '--serve [port]',
      'show the page in a browser, growing with each step: at any free port of this machine, or at PORT or HOST:PORT',
      servePlace,
    ),
    commandLineOnly: true,
  },
  onAlert: flag(
    ['watch'],
    '--on-alert <command>',
    'run this in a shell for each step that alerts; COLLAPSE_RUN, COLLAPSE_STEP and COLLAPSE_MESSAGE say which and why',
    nonEmptyText,
  ),
  onAlertTimeout: flag(
    ['watch'],
    '--on-alert-timeout <time>',
    'stop a command of --on-alert that runs longer than this',
    duration,
    '60s',
  ),
  sentinel: flag(
    ['watch'],
    '--sentinel <file>',
    'write this file at the first alert, for the training loop to look for, and end',
    nonEmptyText,
  ),
  keepWatching: flag(
    ['watch'],
    '--keep-watching',
    'go on after the sentinel was written; without it the watch ends there',
    isOn,
  ),
} as const satisfies Record<string, Flag<unknown>>;
