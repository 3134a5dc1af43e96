import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import parsePrometheus from 'parse-prometheus-text-format';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { MeasureRecord } from '#report/record.js';
import type { Report } from '#report/types.js';
import { csv } from '#reporters/machine/csv.js';
import { github } from '#reporters/machine/github.js';
import { junit } from '#reporters/machine/junit.js';
import { prometheus } from '#reporters/machine/prometheus.js';
import { sarif } from '#reporters/machine/sarif.js';
import { markdown } from '#reporters/markdown/markdown.js';
import { crc32c } from '#reporters/tensorboard/crc32c.js';
import { tensorboard } from '#reporters/tensorboard/tensorboard.js';
import { printable } from '#reporters/view/printable.js';
import { parseRule } from '#rules/language/parse-rule.js';
import { readEventFile } from './read-event-file.js';
import { documentOf, HOSTILE, SAMPLES, type SampleName, stepRecord } from './sample-reports.js';

const OPTIONS = {
  color: false,
  ascii: false,
  quiet: false,
  verbose: false,
  width: 100,
  now: 1_700_000_000_000,
};
const names = Object.keys(SAMPLES) as SampleName[];
const GOLDEN = [
  'healthy',
  'alerting',
  'warning',
  'erroneous',
  'no-data',
  'several-runs',
  'unnumbered-step',
  'hostile',
] as const;
const FORMATS = { csv, github, junit, markdown, prometheus, sarif };

describe.each(Object.entries(FORMATS))('%s', (format, render) => {
  it.each(GOLDEN)('of %s', async (name) => {
    await expect(render(SAMPLES[name], OPTIONS)).toMatchFileSnapshot(`golden/${name}.${format}.txt`);
  });

  it('lets no control character through', () => {
    expect(render(SAMPLES.hostile, OPTIONS)).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});

describe('csv', () => {
  it('has a line a step, as many cells in each, and full precision', () => {
    const [head = '', ...lines] = csv(SAMPLES['thousand-steps'], OPTIONS).trimEnd().split('\n');
    expect(lines).toHaveLength(1000);
    for (const line of lines) expect(line.split(',')).toHaveLength(head.split(',').length);
    const value = SAMPLES['thousand-steps'].report.runs[0]?.steps[3]?.metrics.pred_l2_mean;
    expect(lines[3]).toContain(String(value));
  });

  it('quotes text, and keeps formulas from acting', () => {
    const text = csv(documentOf([stepRecord(1, { run: '=HYPERLINK("x")' })]), OPTIONS);
    expect(text).toContain('"\'=HYPERLINK(""x"")"');
  });
});

describe('horizons', () => {
  const horizons = {
    axis: 1,
    size: 3,
    numbers: [1, 2, 3],
    rows: [86, 85, 1],
    metrics: { pred_l2_mean: [0.4, 0.5, null], kl_reg: [3, 1e300, null] },
    unavailable: { pred_l2_mean: [{ reason: 'it has one row, and two are needed', horizons: [3] }] },
    estimates: {},
  };
  const document = documentOf(
    [stepRecord(100, { run: 'a' }), stepRecord(200, { run: 'a', horizons }), stepRecord(100, { run: 'b' })],
    { failIf: [parseRule('pred_l2_mean > 0.45 at any horizon', 'error')] },
  );

  it('are lines of their own in CSV, behind those of their steps', () => {
    const [head, ...lines] = csv(document, OPTIONS)
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    for (const line of lines) expect(line).toHaveLength(head!.length);
    const read = lines.map((line) => Object.fromEntries(head!.map((name, i) => [name, line[i]])));
    expect(read.map(({ run, step, horizon }) => [run, step, horizon])).toEqual([
      ['a', '100', ''],
      ['a', '200', ''],
      ['a', '200', '1'],
      ['a', '200', '2'],
      ['a', '200', '3'],
      ['b', '100', ''],
    ]);
    expect(read[3]).toMatchObject({ rows: '85', pred_l2_mean: '0.5', kl_reg: '1e+300', pred_cos_mean: '' });
    expect(read[3]?.alerts).toBe(read[1]?.alerts);
    expect(read[2]?.alerts).toBe('');
    expect(read[4]).toMatchObject({ rows: '1', pred_l2_mean: '', status: '' });
  });

  it('have families of their own in Prometheus text', () => {
    const families = parsePrometheus(prometheus(document, OPTIONS));
    const family = families.find(
      ({ name }) => name === 'geno_lewm_training_collapse_pred_l2_mean_at_horizon',
    );
    expect(family?.metrics).toEqual([
      { labels: { run: 'a', horizon: '1' }, value: '0.4' },
      { labels: { run: 'a', horizon: '2' }, value: '0.5' },
    ]);
    expect(families.some(({ name }) => name.endsWith('pred_cos_mean_at_horizon'))).toBe(false);
  });

  it('have tags of their own in TensorBoard, where a float32 holds the value', () => {
    const [, , step] = readEventFile(Buffer.from(tensorboard(document, OPTIONS)));
    const own = Object.entries(step!.scalars).filter(([tag]) => tag.includes('horizon'));
    expect(own).toEqual([
      ['a/pred_l2_mean/horizon_1', Math.fround(0.4)],
      ['a/kl_reg/horizon_1', 3],
      ['a/pred_l2_mean/horizon_2', 0.5],
    ]);
  });
});

describe('junit', () => {
  it.each(names)('of %s is valid', async (name) => {
    const result = await validateXML({
      xml: [{ fileName: 'report.xml', contents: junit(SAMPLES[name], OPTIONS) }],
      schema: [readFileSync('test/reporters/junit.xsd', 'utf8')],
    });
    expect(result.errors).toEqual([]);
  });

  it('is a suite a run and a case a criterion, which names its steps', () => {
    const text = junit(SAMPLES['several-runs'], OPTIONS);
    const { runs, rules } = SAMPLES['several-runs'].report;
    expect(text.match(/<testsuite /g)).toHaveLength(runs.length);
    expect(text.match(/<testcase /g)).toHaveLength(runs.length * rules.length);
    expect(text).toContain(
      'message="failed at 9 of 10 judged steps, 1000-5000, last at step 5000: pred_var_per_dim',
    );
    const thousand = junit(SAMPLES['thousand-steps'], OPTIONS);
    expect(thousand.match(/<testcase /g)!.length).toBeLessThan(20);
  });

  it('counts criteria that failed, and the errors of the report', () => {
    const failed = criteriaOf(SAMPLES.erroneous.report, 'error').length;
    const { errors } = SAMPLES.erroneous.report.summary;
    expect(junit(SAMPLES.erroneous, OPTIONS)).toContain(`failures="${failed}" errors="${errors}">`);
    expect(junit(SAMPLES.warning, OPTIONS)).toContain('failures="0" errors="0">');
  });
});

/** Every criterion that alerted in a run, once for the run. */
function criteriaOf({ runs }: Report, level?: 'error') {
  return runs.flatMap(({ steps }) => [
    ...new Set(
      steps
        .flatMap(({ alerts }) => alerts)
        .filter((alert) => level === undefined || alert.level === level)
        .map(({ criterion }) => criterion),
    ),
  ]);
}

describe('github', () => {
  const command = /^::(error|warning|notice) (?:file=[^,:]*,)?title=[^,:]*::[^\n]*$/;

  it.each(names)('of %s is at most ten commands of a level', (name) => {
    const lines = github(SAMPLES[name], OPTIONS).trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(command);
    for (const level of ['error', 'warning']) {
      expect(lines.filter((line) => line.startsWith(`::${level}`)).length).toBeLessThanOrEqual(10);
    }
  });

  it('says how many it leaves out', () => {
    const errors = Array.from(
      { length: 25 },
      (_, i): MeasureRecord => ({ type: 'error', code: 'E204', path: `f${i}`, message: 'x' }),
    );
    const lines = github(documentOf([stepRecord(1), ...errors]), OPTIONS)
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toContain('16 more errors');
  });
});

describe('prometheus', () => {
  it.each(names)('of %s is what a parser of the text format reads back', (name) => {
    const document = SAMPLES[name];
    const families = parsePrometheus(prometheus(document, OPTIONS));
    const step = document.report.runs[0]?.steps.at(-1);
    for (const [id, value] of Object.entries(step?.metrics ?? {})) {
      const family = families.find((one) => one.name === `geno_lewm_training_collapse_${id}`);
      const own =
        family?.metrics.filter(
          ({ labels }) => labels?.run === printable(document.report.runs[0]?.run ?? ''),
        ) ?? [];
      expect(own.map((metric) => Number(metric.value))).toEqual(value == null ? [] : [value]);
    }
  });

  it('keeps a hostile name whole', () => {
    const text = prometheus(SAMPLES.hostile, OPTIONS);
    expect(text.split('\n').every((line) => /^(#|geno_lewm_training_collapse_|$)/.test(line))).toBe(true);
  });
});

/** The schema of OASIS as @microsoft/jest-sarif ships it; draft-04, of which it uses only what later drafts have. */
function sarifSchema() {
  const path = createRequire(import.meta.url).resolve(
    '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  );
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  return new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
}

const location = {
  type: 'array',
  items: {
    type: 'object',
    required: ['physicalLocation'],
    properties: {
      physicalLocation: {
        type: 'object',
        required: ['artifactLocation'],
        properties: {
          artifactLocation: {
            type: 'object',
            required: ['uri'],
            properties: { uri: { type: 'string', pattern: "^[A-Za-z0-9._~:/%!*'()-]+$" } },
          },
        },
      },
    },
  },
};
const message = {
  type: 'object',
  required: ['text'],
  properties: { text: { type: 'string', minLength: 1 } },
};
const level = { enum: ['none', 'note', 'warning', 'error'] };
/** What SARIF 2.1.0 demands of the objects this reporter makes (sections 3.13, 3.14, 3.20, 3.27, 3.58). */
const sarifShape = {
  type: 'object',
  required: ['version', 'runs'],
  properties: {
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      items: {
        type: 'object',
        required: ['tool', 'results'],
        properties: {
          tool: {
            type: 'object',
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                required: ['name'],
                properties: {
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: { type: 'object', required: ['id'], properties: { shortDescription: message } },
                  },
                },
              },
            },
          },
          invocations: {
            type: 'array',
            items: {
              type: 'object',
              required: ['executionSuccessful'],
              properties: {
                executionSuccessful: { type: 'boolean' },
                exitCode: { type: 'integer' },
                toolExecutionNotifications: {
                  type: 'array',
                  uniqueItems: true,
                  items: {
                    type: 'object',
                    required: ['message'],
                    properties: { message, level, locations: location },
                  },
                },
              },
            },
          },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['message'],
              properties: {
                message,
                level,
                locations: location,
                ruleIndex: { type: 'integer', minimum: 0 },
                partialFingerprints: { type: 'object', additionalProperties: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  },
};

describe('a warning', () => {
  it('is one in every format, and nowhere a failure', () => {
    const { warning } = SAMPLES;
    expect(junit(warning, OPTIONS)).not.toMatch(/<failure|<error/);
    expect(junit(warning, OPTIONS)).toContain('<system-out>warning: ');
    expect(github(warning, OPTIONS)).not.toContain('::error');
    const [run] = JSON.parse(sarif(warning, OPTIONS)).runs;
    const levels = [
      ...run.results,
      ...run.tool.driver.rules.map((rule: { defaultConfiguration: object }) => rule.defaultConfiguration),
    ];
    expect(new Set(levels.map(({ level }) => level))).toEqual(new Set(['warning']));
    expect(markdown(warning, OPTIONS)).toContain('**WARN**');
    expect(markdown(warning, OPTIONS)).not.toMatch(/FAIL|❌/);
  });
});

describe('sarif', () => {
  const validateLog = sarifSchema();
  it('is held to a schema that refuses what is none', () => {
    const log = JSON.parse(sarif(SAMPLES.alerting, OPTIONS));
    log.runs[0].results[0].level = 'fatal';
    expect(validateLog(log)).toBe(false);
    expect(validateLog({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false);
  });

  it.each(names)('of %s is valid SARIF 2.1.0', (name) => {
    validateLog(JSON.parse(sarif(SAMPLES[name], OPTIONS)));
    expect(validateLog.errors).toBeNull();
  });

  const validate = new Ajv2020().compile(sarifShape);
  it.each(names)('of %s has the shape of SARIF 2.1.0', (name) => {
    const log = JSON.parse(sarif(SAMPLES[name], OPTIONS));
    validate(log);
    expect(validate.errors).toBeNull();
    expect(log.runs[0].results).toHaveLength(criteriaOf(SAMPLES[name].report).length);
    for (const { help, helpUri } of log.runs[0].tool.driver.rules) {
      expect(help.text).toMatch(/^Alerts when .* See `collapse explain .*`(, docs\/\S+ in the package)?\.$/s);
      expect(new URL(helpUri).protocol).toBe('https:');
    }
  });

  it('leads from each rule of a preset to what is known of it: its row in the package, and a page of its own kind', () => {
    const { rules } = JSON.parse(sarif(SAMPLES.collapsed, OPTIONS)).runs[0].tool.driver;
    const page = readFileSync('docs/rules.md', 'utf8');
    const uris = new Map<string, string>();
    for (const { id, help, helpUri } of rules) {
      const [, anchor] = /docs\/rules\.md#(\S+) in the package/.exec(help.text) ?? [];
      expect(anchor).toBe(id);
      expect(page).toContain(`<a id="${id}"></a>`);
      uris.set(id, helpUri);
    }
    expect(uris.get('jepa.target_one_direction')).toBe('https://arxiv.org/abs/1909.00512');
    expect(uris.get('pairwise_pred_dist_mean')).toMatch(/0005-training-objective\.md$/);
    expect(uris.get('jepa.target_rank_low')).toBe('https://arxiv.org/abs/2110.09348');
  });
});

describe('prometheus', () => {
  it("has the prefix that is asked for, and the reference's without one", () => {
    const names = (text: string) => new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const own = names(prometheus(SAMPLES.alerting, { ...OPTIONS, prometheusPrefix: 'mine_' }));
    const reference = names(prometheus(SAMPLES.alerting, OPTIONS));
    expect([...own]).toContain('mine_pred_var_per_dim');
    expect([...own].map((name) => name?.replace('mine_', 'geno_lewm_training_collapse_'))).toEqual([
      ...reference,
    ]);
  });
});

describe('tensorboard', () => {
  it('knows CRC-32C', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  });

  it.each(names)('of %s reads back', (name) => {
    const events = readEventFile(Buffer.from(tensorboard(SAMPLES[name], OPTIONS)));
    expect(events[0]).toEqual({ wallTime: 1.7e9, step: 0, fileVersion: 'brain.Event:2', scalars: {} });
    const steps = SAMPLES[name].report.runs.flatMap((run) => run.steps);
    expect(events.slice(1).map(({ step }) => step)).toEqual(steps.map(({ step }) => step ?? 0));
    const prefix = SAMPLES[name].report.runs.length === 1 ? 'collapse' : SAMPLES[name].report.runs[0]?.run;
    for (const [id, value] of Object.entries(steps[0]?.metrics ?? {})) {
      if (value != null) expect(events[1]?.scalars[`${prefix}/${id}`]).toBe(Math.fround(value));
    }
  });
});

describe('the tags of tensorboard', () => {
  it('act nowhere, whatever the runs are named, and tell them apart', () => {
    const { report, records: ofOne } = SAMPLES.healthy;
    const named = ['a\nb', 'a\\x0ab', '<img src=x>', '\u202e\ud800`"'];
    const runs = named.flatMap((run) => report.runs.slice(0, 1).map((one) => ({ ...one, run })));
    const records = named.flatMap((run) => ofOne.map((one) => ({ ...one, run })));
    const bytes = tensorboard({ ...SAMPLES.healthy, report: { ...report, runs }, records }, OPTIONS);
    const tags = readEventFile(Buffer.from(bytes)).flatMap(({ scalars }) => Object.keys(scalars));
    expect(tags.filter((tag) => /[^\x20-\x7e]|[<>"`]/.test(tag))).toEqual([]);
    expect(new Set(tags.map((tag) => tag.slice(0, tag.lastIndexOf('/')))).size).toBe(named.length);
  });
});

describe('markdown', () => {
  it('stays far below the 1 MiB of a job summary', () => {
    const records = Array.from({ length: 400 }, (_, i) =>
      stepRecord(1, { run: `${i}${HOSTILE}` }, { kl_reg: 99 }),
    );
    expect(Buffer.byteLength(markdown(documentOf(records), OPTIONS))).toBeLessThan(2 ** 19);
  });

  it('holds nothing of a name that acts', () => {
    const text = markdown(SAMPLES.hostile, OPTIONS).replace(/`+[^`\n].*?`+(?=:|$)/gm, '');
    expect(text).not.toMatch(/<script|(?<!\\)\[|@\w/);
  });
});
