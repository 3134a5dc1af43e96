/** Run by hostile.test.ts in a process of little memory: opens a file and prints what came of it, and what it took. */
import { CollapseError } from '#errors.js';
import { openArrayFile } from '#formats/index.js';
import { openNodeFile } from '#io/node-file.js';

const [path = '', maxMemory = '0'] = process.argv.slice(2);
const before = process.cpuUsage();
let code = 'loaded';
let message = '';
try {
  await openArrayFile(openNodeFile(path), { maxMemory: Number(maxMemory) });
} catch (error) {
  if (!(error instanceof CollapseError)) throw error;
  ({ code, message } = error);
}
const { user, system } = process.cpuUsage(before);
// In KiB everywhere.
const peak = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ code, message, peak, cpuMs: (user + system) / 1000 }));
