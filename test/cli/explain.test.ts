import { describe, expect, it } from 'vitest';
import { explain, explanations, nearestExplained } from '#commands/explain/explanation-of.js';
import { ERROR_CODES } from '#errors.js';
import { METRIC_IDS } from '#metrics/ids.js';
import { DIAGNOSIS_LABELS } from '#rules/diagnosis/diagnose.js';
import { PRESETS } from '#rules/presets/presets.js';
import { collapse } from '../support/collapse.js';

const labels = (id: string) => explain(id)?.facts.map(({ label }) => label) ?? [];

describe('explain', () => {
  it.each(METRIC_IDS)('%s: formula, range, source, likely cause and remedy', (id) => {
    expect(labels(id)).toEqual(
      expect.arrayContaining(['formula', 'range', 'source', 'likely cause', 'remedy']),
    );
    expect(explain(id)?.facts.every(({ text }) => text.length > 0)).toBe(true);
  });

  it.each(Object.keys(ERROR_CODES))('%s: likely cause and remedy', (code) => {
    expect(labels(code)).toEqual(expect.arrayContaining(['likely cause', 'remedy', 'source']));
  });

  it.each(PRESETS.map(({ id }) => id))('the preset %s and each of its rules', (id) => {
    const rules = PRESETS.find((preset) => preset.id === id)!.rules('error', {
      predVarToTargetVar: 0.5,
      pairwiseToInitial: 0.5,
      klRegMax: 10,
    });
    expect(explain(id)?.facts.filter(({ label }) => label === 'rule')).toHaveLength(rules.length);
    for (const rule of rules) expect(labels(rule.id)).toEqual(expect.arrayContaining(['formula', 'source']));
  });

  it('whatever it lists', () => {
    for (const { entries } of explanations())
      for (const { id } of entries) expect(explain(id), id).not.toBeNull();
  });

  it('every label of a diagnosis', () => {
    for (const label of DIAGNOSIS_LABELS) expect(labels(label), label).toContain('meaning');
  });

  it('a rule as a user writes it', () => {
    const { id, facts } = explain('pred_r2<50.0 % of peak at any horizon for 3 after 7')!;
    expect(id).toBe('pred_r2 < 50% of peak at any horizon for 3 after 7');
    expect(facts.map(({ label }) => label)).toEqual([
      'formula',
      'bound',
      'horizons',
      'row',
      'from',
      'no value',
      'see',
    ]);
    expect(() => explain('pred_r3 < 0')).toThrow(expect.objectContaining({ code: 'E110' }));
  });

  it('nothing else, not even what every object has', () => {
    expect([explain('toString'), explain('__proto__'), explain('')]).toEqual([null, null, null]);
    expect(nearestExplained('e230')).toMatch(/^E2/);
  });
});

describe('collapse explain', () => {
  it('prints one, without colour in a pipe', async () => {
    const { code, stdout } = await collapse(['explain', 'pred_var_per_dim']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^pred_var_per_dim {2}\S/);
    expect(stdout).toMatch(/\nformula {7}\S/);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'alerts when pred_var_per_dim < 50% of target_var_per_dim (preset rfc-0005)',
    );
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('without an id lists all', async () => {
    const { code, stdout } = await collapse(['explain']);
    expect(code).toBe(0);
    for (const id of [...METRIC_IDS, ...Object.keys(ERROR_CODES), 'rfc-0005', 'copying'])
      expect(stdout).toContain(id);
  });

  it('as JSON', async () => {
    const { stdout } = await collapse(['explain', 'E203', 'kl_reg', '--json']);
    expect(JSON.parse(stdout).map(({ id }: { id: string }) => id)).toEqual(['E203', 'kl_reg']);
  });

  it('an unknown id: the nearest name, and exit 2', async () => {
    const { code, stdout, stderr } = await collapse(['explain', 'pred_vr_per_dim']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      "error[E102] nothing here is named 'pred_vr_per_dim'\n  help: did you mean pred_var_per_dim?\n",
    );
    expect((await collapse(['explain', 'zzzzzzzz'])).stderr).toContain('run `collapse explain` for the list');
  });
});
