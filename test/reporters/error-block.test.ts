import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { formatError, formatWarning } from '#reporters/terminal/error-block.js';

const PLAIN = { color: false };

describe('formatError', () => {
  it('is one block: what is wrong, where, and what to do next', () => {
    const error = {
      code: 'E203',
      message: 'the payload has 4080 bytes, the header says 4096',
      path: 'runs/exp1/step_500/prediction.npy',
      step: 500,
      hint: 'write the file again; the copy is cut or padded',
    } as const;
    expect(formatError(error, PLAIN)).toBe(
      [
        'error[E203] the payload has 4080 bytes, the header says 4096',
        '  --> runs/exp1/step_500/prediction.npy (step 500)',
        '  help: write the file again; the copy is cut or padded',
        '',
      ].join('\n'),
    );
  });

  it('leaves out what it does not know', () => {
    expect(formatError({ code: 'E101', message: 'unknown option --jsn' }, PLAIN)).toBe(
      'error[E101] unknown option --jsn\n',
    );
    expect(formatError({ code: 'E302', message: 'nothing', run: 'runs/a', step: null }, PLAIN)).toBe(
      'error[E302] nothing\n  --> runs/a\n',
    );
  });

  it('says step 0', () => {
    expect(formatError({ code: 'E202', message: 'no', path: 'p', step: 0 }, PLAIN)).toContain('(step 0)');
  });

  it('stays three lines whatever the file says of itself', () => {
    const text = '\u001b[2Ja\nerror[E901] b\u202e';
    const block = formatError({ code: 'E204', message: text, path: text, hint: text }, PLAIN);
    expect(block).toMatch(/^[\x20-\x7e\n]*$/);
    expect(block.trimEnd().split('\n')).toHaveLength(3);
  });

  it('is the same text in colour', () => {
    const error = { code: 'E204', message: 'cut', path: 'p', hint: 'again' } as const;
    const painted = formatError(error, { color: true });
    expect(painted).toContain('\u001b[31m');
    expect(stripVTControlCharacters(painted)).toBe(formatError(error, PLAIN));
  });
});

describe('on a terminal', () => {
  const screen = { color: false, width: 40, isTTY: true };
  const hint = 'names need a role and a step, such as step_500/prediction.npy';

  it('messages are folded under their own beginning, and paths stay whole', () => {
    const path = 'runs/a-long-name-that-is-wider-than-forty-columns';
    const message = 'no step was found that has both of its roles';
    expect(formatError({ code: 'E301', message, path, hint }, screen)).toBe(
      [
        'error[E301] no step was found that has',
        '  both of its roles',
        '  --> runs/a-long-name-that-is-wider-than-forty-columns',
        '  help: names need a role and a step,',
        '        such as step_500/prediction.npy',
        '',
      ].join('\n'),
    );
    expect(formatWarning({ message }, screen)).toBe(
      'warning: no step was found that has both\n  of its roles\n',
    );
  });

  it('several files that are wider than it have a line each', () => {
    const path = 'runs/exp1/step_700/prediction.npy, runs/exp1/step_700/target.npy';
    const places =
      '  --> runs/exp1/step_700/prediction.npy,\n      runs/exp1/step_700/target.npy (step 700)\n';
    const error = { code: 'E214', message: 'm', path, step: 700 } as const;
    expect(formatError(error, screen)).toBe(`error[E214] m\n${places}`);
    expect(formatError(error, { ...screen, width: 90 })).toContain(`--> ${path} (step 700)`);
  });

  it('elsewhere a message is one line, whatever the width', () => {
    expect(formatError({ code: 'E301', message: 'm', hint }, { ...screen, isTTY: false })).toContain(hint);
  });
});

describe('formatWarning', () => {
  it('has the same form', () => {
    const warning = { message: 'the last step is incomplete', path: 'runs/exp1/step_600', step: 600 };
    expect(formatWarning(warning, PLAIN)).toBe(
      'warning: the last step is incomplete\n  --> runs/exp1/step_600 (step 600)\n',
    );
  });
});
