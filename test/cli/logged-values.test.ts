import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableRecords } from '#commands/input/table/table-records.js';
import { CollapseError } from '#errors.js';
import { parseMeasureRecord } from '#report/parse-record.js';
import type { Report } from '#report/types.js';
import { collapse } from '../support/collapse.js';
import { folder } from '../support/run-folder.js';

const RUNS = ['late_1', 'varonly_1', 'healthy_vicreg_1', 'frozen_shuffled_1'];

async function gate(files: Record<string, string>, ...args: string[]) {
  const cwd = folder(files);
  const ran = await collapse(['gate', ...args], { cwd });
  return { ...ran, cwd };
}

async function report(files: Record<string, string>, ...args: string[]): Promise<Report> {
  return JSON.parse((await gate(files, ...args, '--json')).stdout) as Report;
}

const MAP = ['--map', 'val/p=pred_var_per_dim', '--map', 'val/t=target_var_per_dim'];
const csv = (...lines: string[]) => `${lines.join('\n')}\n`;
/** Five steps of which the last three have lost the prediction's variance. */
const LOST = [100, 200, 300, 400, 500].map((step, i) => [step, i < 2 ? 1 : 0.01, 1] as const);

describe('a table of the metrics themselves', () => {
  it.each(RUNS)('gives the alerts and the exit code of check: %s', async (name) => {
    const run = `fixtures/runs/${name}`;
    const checked = await collapse(['check', run, '--json', '--metrics', 'all']);
    const expected = JSON.parse(checked.stdout) as Report;
    const { stdout: table } = await collapse(['check', run, '-o', 'csv', '--metrics', 'all']);
    const renamed = table
      .replace(/\b(pred_|target_)/g, 'collapse/$1')
      .replace(/^run,step/, 'run,global_step');
    const lines = table
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const jsonl = lines
      .slice(1)
      .map((cells) => JSON.stringify(Object.fromEntries(cells.map((cell, i) => [lines[0]![i], cell]))));
    for (const [file, text] of [
      ['t.csv', table],
      ['t.csv', renamed],
      ['t.jsonl', `${jsonl.join('\n')}\n`],
    ] as const) {
      const found = await report({ [file]: text }, file);
      expect(found.exitCode).toBe(expected.exitCode);
      const alerts = ({ runs }: Report) =>
        runs[0]!.steps.map(({ step, alerts }) => [step, alerts.map(({ criterion }) => criterion)]);
      expect(alerts(found)).toEqual(alerts(expected));
      expect(found.runs[0]!.run).toBe(run);
      expect(found.runs[0]!.diagnosis?.label).toBe(expected.runs[0]!.diagnosis?.label);
      expect(found.runs[0]!.diagnosis?.began).toBe(expected.runs[0]!.diagnosis?.began);
    }
  });
});

describe("Lightning's CSVLogger, W&B and fairseq", () => {
  const FAIL = ['--fail-if', 'pred_var_per_dim < 50% of target_var_per_dim for 2'];

  it('joins the sparse rows of a step, and passes over rows of other values', async () => {
    const rows = LOST.flatMap(([step, p, t]) => [
      `0,${step - 1},,,0.5`,
      `0,${step},${p},${t},`,
      `0,${step},,,0.4`,
    ]);
    const found = await report(
      { 'm.csv': csv('epoch,step,val/p,val/t,loss', ...rows) },
      'm.csv',
      ...MAP,
      ...FAIL,
    );
    expect(found.exitCode).toBe(1);
    expect(found.runs[0]!.steps.map(({ step }) => step)).toEqual([100, 200, 300, 400, 500]);
    expect(found.runs[0]!.measuredElsewhere).toEqual({
      path: 'm.csv',
      columns: { pred_var_per_dim: 'val/p', target_var_per_dim: 'val/t' },
    });
  });

  it('reads a W&B export as CSV with quotes, and as JSONL with NaN of Python', async () => {
    const rows = LOST.map(([step, p, t]) => `"${step}","${p}","${t}"`);
    const quoted = csv('"Step","val/p","val/t"', ...rows);
    expect((await report({ 'w.csv': quoted }, 'w.csv', ...MAP, ...FAIL)).exitCode).toBe(1);
    const lines = LOST.map(([step, p, t]) => `{"_step": ${step}, "val/p": ${p}, "val/t": ${t}, "lr": NaN}`);
    expect((await report({ 'w.jsonl': csv(...lines) }, 'w.jsonl', ...MAP, ...FAIL)).exitCode).toBe(1);
  });

  it('reads the lines of a log that end in JSON, strings for numbers, and leaves the others', async () => {
    const text = csv(
      "2024-01-01 10:00:00 | INFO | fairseq_cli.train | {'_name': None, 'common': {'seed': 1}}",
      ...LOST.map(
        ([step, p, t]) =>
          `2024-01-01 10:00:00 | INFO | train_inner | {"epoch": 1, "num_updates": "${step}", "val/p": "${p}", "val/t": "${t}"}`,
      ),
      '[2024-01-01 10:00:01][train][INFO] - {"epoch": 1, "train_num_updates": "600", "train_loss": "0.1"}',
    );
    const found = await report({ 'hydra_train.log': text }, 'hydra_train.log', ...MAP, ...FAIL);
    expect([found.exitCode, found.summary.steps]).toEqual([1, 5]);
  });

  it('takes the step column that is named, and standard input', async () => {
    const text = csv('count,step,pred_var_per_dim', '10,1,0', '20,1,0');
    const ran = await collapse(['gate', '-', '--step-column', 'count', '--json'], { input: text });
    expect((JSON.parse(ran.stdout) as Report).runs[0]!.steps.map(({ step }) => step)).toEqual([10, 20]);
    expect(ran.code).toBe(1);
  });
});

describe('what is said', () => {
  const LOGGED = csv('step,val/p,val/t', ...LOST.map((row) => row.join(',')));

  it('that the numbers were not measured here: table, markdown, JSON and page', async () => {
    const said = 'These numbers were not measured by this tool: m.csv has val/p as pred';
    const { stdout, cwd } = await gate(
      { 'm.csv': LOGGED },
      'm.csv',
      ...MAP,
      '-o',
      'table',
      '-o',
      'n.md',
      '-o',
      'n.html',
      '-o',
      'n.json',
      '-o',
      'n.csv',
    );
    expect(stdout.replace(/\s+/g, ' ')).toContain(`${said}_var_per_dim`);
    expect(stdout).toContain('5 steps, 100–500, not measured here');
    expect(readFileSync(join(cwd, 'n.md'), 'utf8').replaceAll('\\', '')).toContain(said);
    expect(readFileSync(join(cwd, 'n.html'), 'utf8')).toContain(said);
    expect(readFileSync(join(cwd, 'n.json'), 'utf8')).toContain('"measuredElsewhere"');
    expect(readFileSync(join(cwd, 'n.csv'), 'utf8')).toMatch(/^m\.csv,100,ok,,,1,1/m);
  });

  it('is the same of the records it passes on', async () => {
    const { cwd, code } = await gate(
      { 'm.csv': LOGGED },
      'm.csv',
      ...MAP,
      '-o',
      'r.ndjson',
      '--preset',
      'rfc-0005',
    );
    const again = await collapse(['gate', 'r.ndjson', '--json', '--preset', 'rfc-0005'], { cwd });
    expect([code, again.code]).toEqual([1, 1]);
    const { runs, warnings } = JSON.parse(again.stdout) as Report;
    expect([runs[0]!.measuredElsewhere?.path, warnings]).toEqual(['m.csv', []]);
  });

  it('keeps a state over them', async () => {
    const [head, ...rows] = LOGGED.trimEnd().split('\n');
    const files = {
      'a.csv': csv(head!, ...rows.slice(0, 3)),
      'b.csv': csv('run,step,val/p,val/t', ...rows.slice(3).map((row) => `a.csv,${row}`)),
    };
    const cwd = folder(files);
    const args = [...MAP, '--fail-if', 'pred_var_per_dim < 2% of baseline for 3', '--state', 's.json'];
    expect((await collapse(['gate', 'a.csv', ...args], { cwd })).code).toBe(0);
    expect((await collapse(['gate', 'b.csv', ...args], { cwd })).code).toBe(1);
  });
});

describe('values that are logged at steps of their own', () => {
  it('break no row of steps, and an alert stands until its metric is logged again', async () => {
    const rows = LOST.flatMap(([step, p]) => [`${step},${p},`, `${step + 1},,3`, `${step + 2},,3`]);
    const text = csv('step,val/p,val/c', ...rows);
    const args = [
      'm.csv',
      '--map',
      'val/p=pred_var_per_dim',
      '--map',
      'val/c=pred_std_l2_normalized',
      '--fail-if',
      'pred_var_per_dim < 0.5 for 3',
    ];
    const found = await report({ 'm.csv': text }, ...args);
    expect(found.exitCode).toBe(1);
    const alerting = found.runs[0]!.steps.filter(({ alerts }) =>
      alerts.some(({ criterion }) => criterion.startsWith('pred_var_per_dim <')),
    );
    expect(alerting.map(({ step }) => step)).toEqual([500, 501, 502]);
    const latest = await report({ 'm.csv': text }, ...args, '--judge', 'latest');
    expect(latest.exitCode).toBe(1);
  });

  it('are early where a metric has fewer values than its rule waits for, however many others have', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i + 1},${i % 10 === 0 ? 1 : ''},0.5`);
    const found = await report(
      { 'm.csv': csv('step,val/p,pred_std_l2_normalized', ...rows) },
      ...[
        'm.csv',
        '--map',
        'val/p=pred_var_per_dim',
        '--preset',
        'none',
        '--fail-if',
        'pred_var_per_dim < 0.5 for 4',
      ],
    );
    expect([found.status, found.exitReason]).toEqual(['early', 'too early to tell: 2 of 4 steps']);
  });
});

describe('what is no pass', () => {
  it.each(['nan', 'NaN', 'inf', '-Infinity', '1e999'])('%s: unavailable, and exit 3', async (text) => {
    const rows = LOST.map(([step], i) => `${step},${i < 3 ? 1 : text},1`);
    const found = await report({ 'm.csv': csv('step,val/p,val/t', ...rows) }, 'm.csv', ...MAP);
    expect(found.exitCode).toBe(3);
    expect(found.errors).toMatchObject([{ code: 'E207', step: 400, run: 'm.csv' }]);
    expect(found.errors[0]!.message).toMatch(/^val\/p is -?(NaN|Inf) in line 5 and 1 more$/);
    expect(found.runs[0]!.steps.at(-1)!.metrics.pred_var_per_dim).toBeNull();
  });

  it.each([
    ['only a header', csv('step,val/p,val/t')],
    ['no value', csv('step,val/p,val/t', '1,,', '2,None,null')],
    ['no step', csv('step,val/p,val/t', ',1,1', ',1,1')],
    ['nothing', ''],
    ['step 0 alone', csv('step,val/p,val/t', '0,1,1')],
  ])('%s: exit 4', async (_, text) => {
    expect((await gate({ 'm.csv': text }, 'm.csv', ...MAP)).code).toBe(4);
  });

  it('exits 4 where no rule has a value', async () => {
    const text = csv('step,v', '1,1', '2,1', '3,1', '4,1', '5,1');
    expect((await gate({ 'm.csv': text }, 'm.csv', '--map', 'v=pred_l2_mean')).code).toBe(4);
  });

  it('says that a later value of a step counts, and that rows lack a step', async () => {
    const text = csv('step,val/p,val/t', '1,1,1', '2,1,1', '2,0.5,1', ',1,1');
    const { warnings, runs } = await report({ 'm.csv': text }, 'm.csv', ...MAP);
    expect(warnings.map(({ message }) => message)).toEqual([
      '1 row has values and no step in step: not judged',
      '1 row has another value of a step that was there before: the later one counts',
    ]);
    expect(runs[0]!.steps[1]!.metrics.pred_var_per_dim).toBe(0.5);
  });
});

describe('what is refused', () => {
  const good = csv('step,val/p,val/t', '1,1,1');
  it.each<[string, Record<string, string>, string[], number, string]>([
    [
      'a metric that is none',
      { 'm.csv': good },
      ['--map', 'val/p=pred_vr_per_dim'],
      2,
      "did you mean 'pred_var_per_dim'?",
    ],
    ['no =', { 'm.csv': good }, ['--map', 'val/p'], 2, 'COLUMN=METRIC'],
    [
      'a column that is none',
      { 'm.csv': good },
      ['--map', 'val/pp=pred_var_per_dim'],
      3,
      "did you mean 'val/p'?",
    ],
    [
      'two columns for one metric',
      { 'm.csv': good },
      ['--map', 'val/p=pred_r2', '--map', 'val/t=pred_r2'],
      2,
      'E104',
    ],
    [
      'a step column that is none',
      { 'm.csv': good },
      [...MAP, '--step-column', 'stp'],
      3,
      "did you mean 'step'?",
    ],
    ['no step column', { 'm.csv': csv('a,val/p,val/t', '1,1,1') }, MAP, 3, '--step-column NAME'],
    ['no metric', { 'm.csv': csv('step,loss', '1,1') }, [], 3, '--map val/pred_var=pred_var_per_dim'],
    [
      'text for a number',
      { 'm.csv': csv('step,val/p,val/t', '1,1,1', '2,x,1') },
      MAP,
      3,
      "line 3: val/p is 'x'",
    ],
    ['hexadecimal', { 'm.csv': csv('step,val/p,val/t', '1,0x10,1') }, MAP, 3, 'E225'],
    ['true', { 'm.jsonl': '{"step": 1, "val/p": true, "val/t": 1}' }, MAP, 3, "line 1: val/p is 'true'"],
    ['a list', { 'm.jsonl': '{"step": 1, "val/p": [1], "val/t": 1}' }, MAP, 3, 'E225'],
    [
      'a cut row',
      { 'm.csv': csv('step,val/p,val/t', '1,1,1', '2,1') },
      MAP,
      3,
      'line 3: 2 cells, and the header has 3',
    ],
    [
      'an open quote',
      { 'm.csv': csv('step,val/p,val/t', '1,"1,1', '2,1,1') },
      MAP,
      3,
      'line 2: a quote without an end',
    ],
    ['text after a quote', { 'm.csv': csv('step,val/p,val/t', '1,"1"1,1') }, MAP, 3, 'line 2: text after'],
    [
      'a cut line of JSON',
      { 'm.jsonl': '{"step": 1, "val/p": 1, "val/t": 1}\n{"step": 2, "va' },
      MAP,
      3,
      'line 2: not a JSON object',
    ],
    ['a negative step', { 'm.csv': csv('step,val/p,val/t', '-1,1,1') }, MAP, 3, 'line 2: step is -1'],
    [
      'a column that is there twice',
      { 'm.csv': csv('step,val/p,val/p,val/t', '1,1,2,1') },
      MAP,
      3,
      "two columns are named 'val/p'",
    ],
    [
      'a line without an end',
      { 'm.csv': csv('step,val/p,val/t', `1,${'1'.repeat(2 ** 20)},1`) },
      MAP,
      3,
      'line 2: it has more than 1048576',
    ],
    [
      'columns without end',
      { 'm.csv': csv(`step,val/p,val/t,${','.repeat(20_000)}`) },
      MAP,
      3,
      'more than 20000 columns',
    ],
    ['a reference', { 'm.csv': good, 'r.ndjson': '' }, [...MAP, '--reference', 'r.ndjson'], 3, 'E'],
  ])('%s', async (_, files, args, code, text) => {
    const path = Object.keys(files)[0]!;
    const ran = await gate(files, path, ...args);
    expect(ran.stderr.replace(/\s+/g, ' ')).toContain(text);
    expect(ran.code).toBe(code);
  });

  it('maps for records, which have their names', async () => {
    const measured = await collapse(['measure', 'fixtures/runs/late_1']);
    const ran = await collapse(['gate', '-', ...MAP], { input: measured.stdout });
    expect([ran.code, ran.stderr.replace(/\s+/g, ' ')]).toEqual([
      2,
      expect.stringContaining('these are records of'),
    ]);
  });

  it('a device', async () => {
    const cwd = folder({});
    symlinkSync('/dev/zero', join(cwd, 'm.csv'));
    const { code, stderr } = await collapse(['gate', 'm.csv', ...MAP], { cwd });
    expect([code, stderr]).toEqual([3, expect.stringContaining('this is not a regular file')]);
  });

  it('values beside those of a run that was measured here', async () => {
    const measured = await collapse(['measure', 'fixtures/runs/late_1']);
    const files = {
      'a.ndjson': measured.stdout,
      'b.csv': csv('run,step,val/p,val/t', 'fixtures/runs/late_1,9999,1,1'),
    };
    const ran = await gate(files, 'a.ndjson', 'b.csv', ...MAP);
    expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining('E233')]);
  });
});

describe('whatever is in a file', () => {
  const WHOLE = [
    csv('step,val/p,val/t', '1,1,1', '2,"0.5",nan', '3,,2', '"4",1e-3,inf'),
    csv('{"_step": 1, "val/p": 1, "val/t": NaN}', '{"_step": 2, "val/p": "3", "val/t": null}'),
    csv(
      'x | INFO | {"num_updates": "1", "val/p": "1", "val/t": "2"}',
      'free text {"a',
      'y - {"num_updates": 2, "val/p": 1}',
    ),
  ];
  const piece = fc.constantFrom(
    '"',
    ',',
    '\n',
    '\t',
    '{',
    '}',
    '{"',
    ':',
    '\0',
    '\ufeff',
    '1e999',
    '-1',
    '__proto__',
    '\\',
    '[',
    'é',
    '0x1',
    '1,1,1\n',
  );
  const change = fc.record({ at: fc.nat(200), cut: fc.nat(6), piece });

  it('takes a time that grows with the text, where a quote stays open over many lines', () => {
    const asked = { map: [], stepColumn: undefined };
    const open = `step,pred_var_per_dim\n1,"${'""\n'.repeat(300_000)}`;
    const before = process.cpuUsage();
    expect(() => tableRecords(open, 'm.csv', asked)).toThrow('line 2: a quote without an end');
    const { user } = process.cpuUsage(before);
    expect(user / 1e6).toBeLessThan(2);
    const cells = 'step,note,pred_var_per_dim\n1,"a ""b""\n\n"",c",2\n2,"",3\n';
    const steps = tableRecords(cells, 'm.csv', asked).filter(({ type }) => type === 'step');
    expect(steps).toMatchObject([
      { step: 1, metrics: { pred_var_per_dim: 2 } },
      { step: 2, metrics: { pred_var_per_dim: 3 } },
    ]);
  });

  it('is records that can be judged, or a coded error with its line or column', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...WHOLE),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        async (whole, changes) => {
          const text = changes.reduce(
            (text, { at, cut, piece }) => text.slice(0, at) + piece + text.slice(at + cut),
            whole,
          );
          const map = [
            { column: 'val/p', metric: 'pred_var_per_dim' },
            { column: 'val/t', metric: 'target_var_per_dim' },
          ] as const;
          let records: unknown[];
          try {
            records = tableRecords(text, 'm.csv.txt', { map, stepColumn: undefined });
          } catch (error) {
            expect(error).toBeInstanceOf(CollapseError);
            expect(['E204', 'E213', 'E225']).toContain((error as CollapseError).code);
            if ((error as CollapseError).code !== 'E213')
              expect((error as CollapseError).message).toMatch(/^line \d+: /);
            return;
          }
          for (const record of records) {
            const { type } = record as { type: string };
            if (type === 'step') expect(await parseMeasureRecord(record)).toEqual(record);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
