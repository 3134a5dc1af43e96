const { readFileSync } = require('node:fs');

// Loaded before the executable: its peak resident memory in KiB, as the last line of stderr.
process.on('exit', () => process.stderr.write(`\n${peak()}\n`));

/** What the system counts for a process begins with its parent's, where it does not say it of the program alone. */
function peak() {
  try {
    return /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
