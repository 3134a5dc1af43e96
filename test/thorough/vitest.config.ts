import { readdirSync, readFileSync } from 'node:fs';
import config from '../../vitest.config.js';

/** The test files that have more cases than `npm test` takes, with all of them. */
const include = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name.replaceAll('\\', '/')}`)
  .filter((path) => readFileSync(path, 'utf8').includes('support/thorough.js'));

export default { ...config, test: { ...config.test, include, env: { TEST_ALL: '1' } } };
