import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '#options/command-line.js';
import { COMMANDS } from '#options/commands.js';
import { THEMES, terminalSvg } from '../../scripts/pictures/terminal-svg.js';
import { collapse } from '../support/collapse.js';
import { anchor, blocksOf } from './markdown.js';

const FILES = ['README.md', ...markdownIn('docs')];
const NAMES = COMMANDS.map(({ name }) => name).join('|');
const COMMAND = new RegExp(`\\b(?:embedding-)?collapse (?=(?:${NAMES})\\b)`, 'g');

function markdownIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

/** What a block and the code spans of a page tell a reader to run, each as the words a shell would pass on. */
function commandsOf(markdown: string): string[][] {
  const blocks = blocksOf(markdown).filter(({ language }) => ['sh', 'yaml'].includes(language));
  const prose = markdown.replace(/^```.*?^```/gms, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  const fromShell = [...blocks.map(({ text }) => text), ...spans].flatMap((text) =>
    text
      .replace(/\\\n\s*/g, ' ')
      .split('\n')
      .flatMap((line) => [...line.matchAll(COMMAND)].map(({ index }) => wordsOf(line.slice(index)))),
  );
  const fromPython = blocksOf(markdown)
    .filter(({ language }) => language === 'python')
    .flatMap(({ text }) => [...text.matchAll(/\["collapse", ([^\]]*)\]/g)])
    .map(([, list = '']) =>
      [...list.matchAll(/"([^"]*)"|([\w.]+)/g)].map(([, word, name]) => word ?? name ?? ''),
    );
  return [...fromShell, ...fromPython];
}

/** The words of the first command of a line, with numbers for what a shell would compute. */
function wordsOf(line: string): string[] {
  const computed = line
    .replace(/\$\(\(.*?\)\)/g, '1')
    .replace(/\{\}|\$\w+/g, '1')
    .replace(/\$\([^)]*\)/g, '1');
  const words: string[] = [];
  const pattern = /\s+(?:'([^']*)'|"([^"]*)"|([^\s'"|>;)`#]+))|(.)/gy;
  pattern.lastIndex = computed.indexOf(' ');
  for (let match = pattern.exec(computed); match !== null; match = pattern.exec(computed)) {
    const [, single, double, bare, other] = match;
    if (other !== undefined) break;
    words.push(single ?? double ?? bare ?? '');
  }
  return words;
}

const parse = (argv: readonly string[]) => parseCommandLine(argv, { version: '0', width: 80 });

describe.each(FILES)('%s', (file) => {
  const markdown = readFileSync(file, 'utf8');

  it('names only commands and flags that there are', () => {
    for (const argv of commandsOf(markdown)) {
      // A span may name a command alone, and `…` stands for what a reader fills in.
      if (argv.length === 1 || argv.includes('…')) continue;
      expect(() => parse(argv), argv.join(' ')).not.toThrow();
    }
  });

  it('has shell blocks that bash can read', () => {
    for (const { language, text } of blocksOf(markdown)) {
      if (language !== 'sh') continue;
      expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' }).stderr, text).toBe('');
    }
  });

  it('links to files and headings that there are', () => {
    for (const [, target = ''] of markdown.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [path = '', heading] = target.split('#');
      const linked = path === '' ? file : join(dirname(file), path);
      expect(existsSync(linked), target).toBe(true);
      if (heading === undefined) continue;
      const titles = [...readFileSync(linked, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        anchor(title),
      );
      expect(titles, target).toContain(heading);
    }
  });
});

it('the index of docs/ has every page', () => {
  const index = readFileSync('docs/README.md', 'utf8');
  for (const file of markdownIn('docs').filter((name) => !/README\.md$|recipes/.test(name)))
    expect(index).toContain(`](${basename(file)})`);
});

it('--help shows examples that there are', () => {
  for (const { name, examples } of COMMANDS) {
    for (const example of examples) {
      const commands = commandsOf(`\`\`\`sh\n${example}\n\`\`\``);
      expect(
        commands.map(([command]) => command),
        example,
      ).toContain(name);
      for (const argv of commands) expect(() => parse(argv), example).not.toThrow();
    }
  }
});

it('finds the commands of shell, YAML, Python and prose', () => {
  const tick = '`';
  const markdown = [
    '```sh',
    "seq 3 | parallel 'collapse measure runs/a --steps {}..$(({} + 9))' > all.ndjson",
    'collapse gate all.ndjson -o html=report.html   # a page',
    '```',
    '```python',
    'subprocess.run(["collapse", "check", self.root, "--judge", "latest"])',
    '```',
    `Run ${tick}collapse doctor runs/a${tick}.`,
  ].join('\n');
  expect(commandsOf(markdown)).toEqual([
    ['measure', 'runs/a', '--steps', '1..1'],
    ['gate', 'all.ndjson', '-o', 'html=report.html'],
    ['doctor', 'runs/a'],
    ['check', 'self.root', '--judge', 'latest'],
  ]);
  expect(() => parse(['check', 'runs/a', '--fail-fats'])).toThrow();
});

it.each(['light', 'dark'] as const)('the README shows what its first command prints, %s', async (theme) => {
  // As on a terminal.
  const argv = ['check', 'fixtures/runs/frozen_shuffled_1', '--width', '80', '--color', 'always'];
  const { code, stdout } = await collapse(argv);
  expect(code).toBe(1);
  const picture = `docs/pictures/table-${theme}.svg`;
  expect(readFileSync(picture, 'utf8')).toBe(terminalSvg(stdout, 80, THEMES[theme]));
  expect(readFileSync('README.md', 'utf8')).toContain(picture);
});

it('a picture of a terminal keeps columns, colours and what XML would read otherwise', () => {
  const svg = terminalSvg('a  \x1b[31m\x1b[1m<b&\x1b[22m\x1b[39m\n\n c', 20, THEMES.light);
  const spans = [...svg.matchAll(/<text y="(\d+)">(.*)<\/text>/g)].map(([, y, text]) => [y, text]);
  const length = (n: number) => `textLength="${8 * n}" lengthAdjust="spacingAndGlyphs"`;
  expect(spans).toEqual([
    [
      '29',
      `<tspan x="16" ${length(1)}>a</tspan><tspan x="40" ${length(3)} fill="#cf222e" font-weight="bold">&lt;b&amp;</tspan>`,
    ],
    ['65', `<tspan x="24" ${length(1)}>c</tspan>`],
  ]);
  expect(() => terminalSvg('\x1b[35mx', 20, THEMES.light)).toThrow('35');
});

it('pictures are small and hold what they are named for', () => {
  for (const name of readdirSync('docs/pictures')) {
    const bytes = readFileSync(join('docs/pictures', name));
    expect(bytes.length, name).toBeLessThan(150_000);
    const start = name.endsWith('.png') ? '\x89PNG' : '<svg';
    expect(bytes.toString('latin1', 0, 4), name).toBe(start);
  }
});
