import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardedStream } from '#commands/output/guarded-stream.js';
import { OUTPUT_FORMATS } from '#options/parse/output-request.js';
import { collapse } from '../support/collapse.js';
import { folder, step, writeFile } from '../support/run-folder.js';

/** As actions/runner reads a line: the second form at its start, the first anywhere. */
const acts = (line: string) => line.trimStart().startsWith('::') || line.includes('##[');
const linesOf = (text: string) => text.split(/\r\n|\r|\n/);

function guarded(chunks: readonly string[]): string {
  let out = '';
  const stream = guardedStream({
    write(chunk) {
      out += chunk;
      return true;
    },
  });
  for (const chunk of chunks) stream.write(chunk);
  return out;
}

describe('a guarded stream', () => {
  it('lets no workflow command through, however it comes in pieces', () => {
    const piece = fc
      .array(fc.constantFrom(':', '::', ' ', '\n', '\r', '#', '##', '[', 'a', '\t', '\u00a0'))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(fc.array(piece), (chunks) => {
        expect(linesOf(guarded(chunks)).filter(acts)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves everything else as it is', () => {
    const text = 'a::b\n # [x]\n:x\n## [y]\n#[z]\n';
    expect(guarded([text])).toBe(text);
    expect(guarded([...text])).toBe(text);
  });
});

describe('under GitHub Actions', () => {
  const names = ['::error title=x::y', '##[error]z', ' ::stop-commands::t'];
  const files = () => {
    const root = folder();
    for (const name of names) {
      for (const [path, bytes] of Object.entries({ ...step(100, 1), ...step(200, 0.3) })) {
        writeFile(root, `${name}/${path}`, bytes);
      }
    }
    mkdirSync(join(root, '::notice::empty'));
    return root;
  };
  const env = { GITHUB_ACTIONS: 'true' };

  it.each(OUTPUT_FORMATS.filter((format) => format !== 'tensorboard' && format !== 'github'))(
    'no line of %s is a command',
    async (format) => {
      const cwd = files();
      const { stdout, stderr } = await collapse(['check', ...names, '::gone', '-o', format, '--verbose'], {
        cwd,
        env,
      });
      expect(linesOf(stdout + stderr).filter(acts)).toEqual([]);
      expect(stdout).not.toBe('');
      if (format === 'json')
        expect(JSON.parse(stdout).runs.map(({ run }: { run: string }) => run)).toEqual(names);
    },
  );

  it('annotations are, and nothing else of them', async () => {
    const { stdout } = await collapse(['check', ...names, '-o', 'github'], { cwd: files(), env });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.every((line) => /^::(error|warning|notice) /.test(line))).toBe(true);
  });

  it.each([
    ['doctor', '.'],
    ['inspect', '.'],
    ['measure', '.'],
    ['explain', '::error::x'],
    ['watch', '.', '--interval', '20ms', '--timeout', '100ms'],
    ['::error::x'],
  ])('nor a line of %s %s', async (...argv) => {
    const { stdout, stderr } = await collapse(argv, { cwd: files(), env });
    expect(linesOf(stdout + stderr).filter(acts)).toEqual([]);
  });
});
