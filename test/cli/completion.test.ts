import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '#options/commands.js';
import { flagsOf } from '#options/flags.js';
import { collapse } from '../support/collapse.js';
import { folder } from '../support/run-folder.js';

const scriptOf = async (shell: string) => (await collapse(['completion', shell])).stdout;
const has = (program: string) => spawnSync(program, ['-c', 'exit 0']).status === 0;

describe('collapse completion', () => {
  it.each(['bash', 'zsh', 'fish'])('of %s knows every command and flag', async (shell) => {
    const script = await scriptOf(shell);
    for (const { name } of COMMANDS) {
      expect(script).toContain(name);
      for (const [, { syntax }] of flagsOf(name)) {
        const long = /--([\w-]+)/.exec(syntax)?.[1] ?? '';
        expect(script).toContain(shell === 'fish' ? `-l ${long}` : `--${long}`);
      }
    }
  });

  it.each(['bash', 'zsh', 'fish'].filter(has))('of %s is what that shell can read', async (shell) => {
    const file = join(folder({ script: await scriptOf(shell) }), 'script');
    const { status, stderr } = spawnSync(shell, [shell === 'fish' ? '--no-execute' : '-n', file], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });

  it.each([
    [['collapse', 'wa'], ['watch']],
    [['collapse', 'check', '--fail-o'], ['--fail-on']],
    [
      ['collapse', 'check', '--fail-on', ''],
      ['error', 'warn', 'never'],
    ],
    [['collapse', 'gate', '-o', 'js'], ['json']],
    [['collapse', 'completion', 'f'], ['fish']],
    [['collapse', 'check', 'runs/'], []],
    [['collapse', 'report', '-o', 'ht'], ['html']],
    [
      ['collapse', 'check', '--metrics', 'pred_eff'],
      ['pred_effective_rank', 'pred_effective_rank_ratio'],
    ],
    [['collapse', 'check', '--ignore', 'jepa.target_rank_d'], ['jepa.target_rank_drawdown']],
    [
      ['collapse', 'explain', 'E40'],
      ['E401', 'E402', 'E403', 'E404'],
    ],
    [['collapse', 'explain', 'dimensional'], ['dimensional-collapse']],
    [['collapse', 'help', 'insp'], ['inspect']],
    [['collapse', 'explain', '--asc'], ['--ascii']],
  ])('completes %j in bash', async (words, expected) => {
    const script = `${await scriptOf('bash')}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; COMPREPLY=(); _collapse; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', [], { input: script, encoding: 'utf8' });
    expect(stdout.split('\n').filter(Boolean)).toEqual(expected);
  });

  it('refuses a shell it does not know', async () => {
    expect(await collapse(['completion', 'tcsh'])).toMatchObject({ code: 2, stdout: '' });
  });
});
