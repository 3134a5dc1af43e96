import { describe, expect, test } from 'vitest';
import { namesEmbedding, roleInName, rolesBeside, rolesInName } from '#discovery/names/role-name.js';

describe('roleInName: whole tokens in any case', () => {
  test.each([
    [
      'prediction',
      [
        'prediction',
        'Predictions',
        'pred_step500',
        'PREDS',
        'pred_emb',
        'z_pred',
        'y-pred',
        'a/pred',
        'predEmb',
        'zHat',
        'pred500',
        'z_pred1',
        'studentOut3',
      ],
    ],
    [
      'target',
      [
        'target',
        'targets',
        'tgt',
        'target_z',
        'Target-Emb',
        'z_target',
        'step500.target',
        'targetEmbeddings',
        'tgt0001',
      ],
    ],
    ['context', ['context', 'source', 'prev', 'initial_z', 'INITIAL-Z_step5']],
    ['mask', ['mask', 'mask_step5']],
    ['kl_reg', ['kl_reg', 'KL-reg', 'step5_kl_reg']],
  ])('%s', (role, names) => {
    for (const name of names) expect([name, roleInName(name)]).toEqual([name, role]);
  });

  test.each([
    'predictor',
    'spred',
    'targeted',
    'masked',
    'initial',
    'z',
    'reg_kl',
    'kl',
    'pred500a',
    'z1',
    'ids',
    '',
  ])('%s claims none', (name) => expect(roleInName(name)).toBeNull());

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is harmless', (name) =>
    expect(rolesInName(name)).toEqual([]),
  );

  test('a name with two roles settles none', () => {
    expect(rolesInName('pred_target_gap')).toEqual(['prediction', 'target']);
    expect(roleInName('pred_target_gap')).toBeNull();
  });
});

test('namesEmbedding', () => {
  for (const name of ['embeddings_step5', 'emb', 'z', 'Features']) expect(namesEmbedding(name)).toBe(true);
  for (const name of ['ids', 'embedded', 'zz']) expect(namesEmbedding(name)).toBe(false);
});

describe('rolesBeside', () => {
  const roles = (names: string) => Object.fromEntries(rolesBeside(names.split(' ')));

  test.each([
    ['pred gt', { gt: 'target' }],
    ['pred_emb gt_emb loss', { gt_emb: 'target' }],
    ['predicted_latents actual_latents', { actual_latents: 'target' }],
    ['y_pred y_true', { y_true: 'target' }],
    ['student ema', { ema: 'target' }],
    ['onlineProj momentumProj', { momentumProj: 'target' }],
    ['predictor_output momentum_encoder_output', { momentum_encoder_output: 'target' }],
    ['predictor ema_encoder', { predictor: 'prediction', ema_encoder: 'target' }],
    ['predictor target_encoder', { predictor: 'prediction' }],
    ['outputs targets', { outputs: 'prediction' }],
    ['x xhat', { xhat: 'prediction', x: 'target' }],
  ])('%s', (names, expected) => expect(roles(names)).toEqual(expected));

  test.each([
    'pred target gt',
    'pred ema',
    'gt emb',
    'predictor encoder',
    'pred anchor',
    'pred gt truth',
    'what that chat',
    'outputs features',
  ])('%s: none', (names) => expect(roles(names)).toEqual({}));
});
