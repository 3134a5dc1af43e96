import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { Report } from '#report/types.js';
import { collapse } from '../support/collapse.js';
import { folder, step } from '../support/run-folder.js';

const RUN = 'fixtures/runs/late_1';

function schema(name: string) {
  const text = readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8');
  return new Ajv2020({ strict: false }).compile(JSON.parse(text));
}

describe('measure, then gate', () => {
  it('gives the report of check', async () => {
    const measured = await collapse(['measure', RUN]);
    expect(measured.code).toBe(0);
    const gated = await collapse(['gate', '-', '--json'], { input: measured.stdout });
    const checked = await collapse(['check', RUN, '--json']);
    expect(gated.stdout).toBe(checked.stdout);
    expect(gated.code).toBe(checked.code);
  });

  it('so do the records that check writes', async () => {
    const dir = folder({});
    const file = join(dir, 'records.ndjson');
    const checked = await collapse(['check', RUN, '--json', '-o', `ndjson=${file}`]);
    expect((await collapse(['gate', file, '--json'])).stdout).toBe(checked.stdout);
    const written = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const measured = (await collapse(['measure', RUN])).stdout.trimEnd().split('\n');
    expect(written.map(({ verdict: _, ...record }) => JSON.stringify(record))).toEqual(
      measured.map((line) => JSON.stringify(JSON.parse(line))),
    );
    const { runs } = JSON.parse(checked.stdout) as Report;
    expect(written.filter(({ type }) => type === 'step').map(({ verdict }) => verdict)).toEqual(
      runs[0]!.steps.map(({ judged, alerts, diagnosis }) => ({
        judged,
        alerts,
        ...(judged ? { diagnosis } : {}),
      })),
    );
  });

  it('warns of records that are not all that was measured', async () => {
    const { stdout: whole } = await collapse(['measure', RUN]);
    const lines = whole.trimEnd().split('\n');
    const gated = async (...texts: string[]) => {
      const dir = folder(Object.fromEntries(texts.map((text, i) => [`${i}.ndjson`, text])));
      return collapse([
        'gate',
        ...texts.map((_, i) => join(dir, `${i}.ndjson`)),
        '--after',
        '90000',
        '--json',
      ]);
    };
    const warnings = async (...texts: string[]) =>
      (JSON.parse((await gated(...texts)).stdout) as Report).warnings.map(({ message }) => message);
    expect(await warnings(whole)).toEqual([]);
    expect(await warnings(whole, whole.replaceAll(RUN, 'other'))).toEqual([]);
    expect(await warnings(whole + whole.replaceAll(RUN, 'other'))).toEqual([]);
    expect(await warnings(lines.slice(0, 5).join('\n'))).toEqual([
      expect.stringContaining('without a summary'),
    ]);
    expect(await warnings(whole, '')).toEqual([expect.stringContaining('without a summary')]);
    expect(await warnings(lines.toSpliced(3, 2).join('\n'))).toEqual([
      expect.stringContaining('8 of 10 steps that were measured are here'),
    ]);
  });

  it('counts errors whose records were taken out as an error', async () => {
    const lines = [
      { type: 'error', code: 'E204', message: 'damaged', path: 'x', run: RUN, step: 5 },
      { type: 'error', code: 'E204', message: 'damaged', path: 'y', run: RUN, step: 6 },
    ].map((record) => JSON.stringify(record));
    const { stdout: whole } = await collapse(['measure', RUN]);
    const texts = whole.replace('"errors":0', '"errors":2').trimEnd().split('\n');
    const gated = async (...added: string[]) => {
      const dir = folder({ 'r.ndjson': [...added, ...texts].join('\n') });
      const { code, stdout } = await collapse(['gate', join(dir, 'r.ndjson'), '--json'], { cwd: dir });
      return [code, (JSON.parse(stdout) as Report).errors.map(({ code, message }) => [code, message])];
    };
    const told = ['E204', 'damaged'];
    expect(await gated(...lines)).toEqual([3, [told, told]]);
    expect(await gated(lines[0] ?? '')).toEqual([
      3,
      [told, ['E234', '1 of 2 errors that were met while measuring are here']],
    ]);
    expect(await gated()).toEqual([3, [['E234', '0 of 2 errors that were met while measuring are here']]]);
  });

  it('whatever the shards and their order', async () => {
    const shards = await Promise.all(
      ['2000..', '..1200', '1300..1900'].map((steps) => collapse(['measure', RUN, '--steps', steps])),
    );
    const dir = folder(Object.fromEntries(shards.map(({ stdout }, i) => [`${i}.ndjson`, stdout])));
    const files = [0, 1, 2].map((i) => join(dir, `${i}.ndjson`));
    const gated = await collapse(['gate', ...files, '--json']);
    expect(gated.stdout).toBe((await collapse(['check', RUN, '--json'])).stdout);
  });

  it('a shard without a step counts only where no shard has one', async () => {
    const shards = await Promise.all(
      ['90000..', '..1200', '1201..'].map((steps) => collapse(['measure', RUN, '--steps', steps])),
    );
    expect(shards.map(({ code }) => code)).toEqual([4, 0, 0]);
    expect(shards[0]?.stdout).toContain('E301');
    const texts = shards.map(({ stdout }) => stdout);
    const checked = await collapse(['check', RUN, '--json']);
    const gated = await collapse(['gate', '-', '--json'], { input: texts.join('') });
    expect(gated.stdout).toBe(checked.stdout);
    expect(gated.code).toBe(checked.code);
    expect((await collapse(['gate', '-'], { input: texts[0] ?? '' })).code).toBe(4);
    const other = (await collapse(['measure', folder({})])).stdout;
    expect((await collapse(['gate', '-'], { input: texts.join('') + other })).code).toBe(4);

    const dir = folder({ 'all.ndjson': texts.join('') });
    const reported = await collapse(['report', join(dir, 'all.ndjson'), '-o', join(dir, 'page.html')]);
    expect(reported.code).toBe(checked.code);
  });

  it('an empty shard is no pass by what the state remembers', async () => {
    const state = join(folder({}), 'state.json');
    const { stdout } = await collapse(['measure', RUN, '--steps', '..500']);
    await collapse(['gate', '-', '--state', state], { input: stdout });
    const empty = await collapse(['measure', RUN, '--steps', '90000..']);
    expect((await collapse(['gate', '-', '--state', state], { input: empty.stdout })).code).toBe(4);
  });

  it('replays errors into the exit code', async () => {
    const run = folder({ ...step(100, 1), ...step(200, 1), 'step_000200/target.npy': 'damaged' });
    const measured = await collapse(['measure', run]);
    expect(measured.code).toBe(3);
    expect(measured.stderr).toContain('error[E204]');
    const gated = await collapse(['gate', '-', '--json'], { input: measured.stdout });
    expect(gated.code).toBe(3);
    expect(gated.stdout).toBe((await collapse(['check', run, '--json'])).stdout);
  });

  it('measure exits 4 without steps, and gate too', async () => {
    const measured = await collapse(['measure', folder({})]);
    expect(measured.code).toBe(4);
    expect((await collapse(['gate', '-'], { input: measured.stdout })).code).toBe(4);
    expect((await collapse(['gate', '-'], { input: '' })).code).toBe(4);
  });
});

describe('gate refuses', () => {
  const refused = async (input: string, code: string) => {
    const ran = await collapse(['gate', '-', '--json'], { input });
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain(`error[${code}]`);
    expect(JSON.parse(ran.stdout)).toMatchObject({ status: 'error', exitCode: 3, errors: [{ code }] });
    return ran.stderr;
  };

  it('a step measured twice', async () => {
    const { stdout } = await collapse(['measure', RUN]);
    expect(await refused(stdout + stdout, 'E232')).toContain('step 0 of fixtures/runs/late_1 comes twice');
  });

  it('records measured with different settings', async () => {
    const a = await collapse(['measure', RUN, '--steps', '..1000']);
    const b = await collapse(['measure', RUN, '--steps', '1100..', '--kl-reg', 'computed']);
    await refused(a.stdout + b.stdout, 'E233');
  });

  it.each([
    ['text', 'hello\n', 'line 1 is not a measure record: it is not JSON'],
    ['another document', '{"a": 1}\n', 'line 1 is not a measure record: type'],
    ['a cut line', '{"type":"step","run":"x"', 'line 1 is not a measure record: it is not JSON'],
  ])('%s, naming the line', async (_, input, message) => {
    expect(await refused(input, 'E231')).toContain(message);
  });

  it('a record without its fields, naming the first', async () => {
    const { stdout } = await collapse(['measure', RUN, '--last', '1']);
    const record = JSON.parse(stdout.split('\n')[0]!);
    expect(await refused(JSON.stringify({ ...record, rows: -1 }), 'E231')).toContain('rows');
    expect(await refused(JSON.stringify({ ...record, metrics: { kl_reg: 'x' } }), 'E231')).toContain(
      'metrics.kl_reg',
    );
  });

  it('a missing file', async () => {
    const { code, stderr } = await collapse(['gate', '/nowhere.ndjson']);
    expect(code).toBe(3);
    expect(stderr).toContain('error[E201]');
  });
});

describe('the published schemas', () => {
  const validate = schema('report.schema.json');
  const validateRecord = schema('record.schema.json');

  it.each([
    ['a healthy run', ['check', 'fixtures/runs/healthy_vicreg_1', '--json']],
    ['an alerting run', ['check', RUN, '--json']],
    ['a missing path', ['check', '/nowhere', '--json']],
    ['wrong usage', ['check', '--json']],
    ['embeddings alone', ['check', RUN, '--target', 'none', '--json']],
  ])('hold the report of %s', async (_, args) => {
    const { stdout } = await collapse(args);
    expect(validate(JSON.parse(stdout)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('hold the records', async () => {
    const { stdout } = await collapse(['measure', RUN, '/nowhere']);
    for (const line of stdout.trim().split('\n')) {
      expect(validateRecord(JSON.parse(line)), JSON.stringify(validateRecord.errors)).toBe(true);
    }
  });

  it('refuse what is no report', () => {
    expect(validate({ schemaVersion: 1 })).toBe(false);
    expect(validateRecord({ type: 'step' })).toBe(false);
  });
});
