import type { Help } from 'commander';
import { type CommandSpec, EXIT_CODES } from './commands.js';

/** Columns of a term; a longer one has a line of its own. */
const TERM_WIDTH = 26;
const INDENT = 2;
/** Room that words need beside the terms; where there is less they go below. */
const MIN_TEXT = 40;

/** Lays help out in `width` columns: terms beside their texts, and no word broken. */
export function helpStyle(width: number): Partial<Help> {
  return {
    helpWidth: width,
    minWidthToWrap: 1,
    subcommandTerm: (command) => command.name(),
    padWidth: (command, helper) => Math.min(TERM_WIDTH, longestTerm(command, helper)),
    formatItem: (term, termWidth, text, helper) => {
      const left = width - termWidth - 2 * INDENT < MIN_TEXT ? 2 * INDENT : termWidth + 2 * INDENT;
      const lines = helper.boxWrap(text, width - left).split('\n');
      const isBeside = term.length + 2 * INDENT <= left;
      const head = ' '.repeat(INDENT) + (isBeside ? term.padEnd(left - INDENT) + lines.shift() : term);
      return [head, ...lines.map((line) => ' '.repeat(left) + line)].join('\n');
    },
  };
}

function longestTerm(command: Parameters<Help['padWidth']>[0], helper: Help): number {
  return Math.max(
    helper.longestOptionTermLength(command, helper),
    helper.longestSubcommandTermLength(command, helper),
    helper.longestArgumentTermLength(command, helper),
  );
}

/** Writes what ends the help of a command: lines to paste, and what its exit codes mean. */
export function helpEnd({ examples, exitCodes }: Pick<CommandSpec, 'examples' | 'exitCodes'>): string {
  const judges = exitCodes.includes(1);
  const meaning = (code: CommandSpec['exitCodes'][number]) =>
    code === 0 && !judges ? 'ok' : EXIT_CODES[code];
  const codes = exitCodes.map((code) => `  ${String(code).padEnd(5)}${meaning(code)}`);
  return ['', 'Examples:', ...examples.map((line) => `  ${line}`), '', 'Exit codes:', ...codes].join('\n');
}
