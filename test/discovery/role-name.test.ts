import { describe, expect, test } from 'vitest';
import { namesEmbedding, roleInName, rolesInName } from '#discovery/names/role-name.js';

describe('roleInName: whole tokens in any case', () => {
  test.each([
    [
      'prediction',
      ['prediction', 'Predictions', 'pred_step500', 'PREDS', 'pred_emb', 'z_pred', 'y-pred', 'a/pred'],
    ],
    ['target', ['target', 'targets', 'tgt', 'target_z', 'Target-Emb', 'z_target', 'step500.target']],
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
    'pred500',
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
