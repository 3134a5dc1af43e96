import type { Examination, ExaminedRun } from '#report/examination.js';
import type { RenderOptions } from '../view/define-reporter.js';
import { type Ink, inkFor } from '../view/layout.js';
import { counted } from '../view/step-text.js';
import { formatError } from './error-block.js';
import { fold } from './fold.js';

/** Writes what `doctor` found, in words; the last line says whether anything is wrong. */
export function doctorText(
  { runs, problems }: Examination,
  options: Pick<RenderOptions, 'color' | 'ascii' | 'width' | 'verbose'>,
): string {
  const ink = inkFor(options);
  const wrong = problems.length + runs.reduce((sum, run) => sum + run.problems.length, 0);
  const steps = runs.reduce((sum, run) => sum + run.steps.length, 0);
  const last =
    wrong > 0
      ? `${ink.chalk.red.bold(counted(wrong, 'problem'))} in ${counted(runs.length, 'run')}`
      : `${ink.chalk.green.bold('ok')} ${counted(steps, 'step')} of ${counted(runs.length, 'run')} can be read`;
  const blocks = [
    ...runs.map((run) => runText(run, options, ink)),
    ...problems.map((problem) => formatError(problem, options).trimEnd()),
  ];
  return `${[...blocks, last].join('\n\n')}\n`;
}

function runText(
  run: ExaminedRun,
  { width, verbose, color }: Pick<RenderOptions, 'width' | 'verbose' | 'color'>,
  ink: Ink,
): string {
  const facts = [
    stepsText(run, ink),
    ...rolesText(run, ink),
    ...run.warnings.map((warning) => `${ink.chalk.yellow('warning:')} ${ink.text(warning)}`),
    ...(verbose
      ? run.ignored.map(({ path, reason }) => `ignored ${ink.text(path)}: ${ink.text(reason)}`)
      : run.ignored.length > 0
        ? [`${counted(run.ignored.length, 'file')} ignored: --verbose shows which`]
        : []),
  ];
  const name = fold(ink.chalk.bold(ink.text(run.run)), width, '    ');
  const blocks = run.problems.map((problem) => formatError(problem, { color }).trimEnd());
  return [name, ...facts.map((fact) => fold(fact, width, '    ', '  ')), ...blocks].join('\n');
}

function stepsText({ steps }: ExaminedRun, ink: Ink): string {
  const numbers = steps.flatMap(({ step }) => (step === null ? [] : [step]));
  const span = numbers.length > 1 ? `, ${numbers[0]}${ink.dash}${numbers.at(-1)}` : '';
  return `${counted(steps.length, 'step')} can be read${span}`;
}

/** Writes a line a role and kind of array: 'prediction: float32 [256, 1024] at 11 steps'. */
function rolesText({ steps }: ExaminedRun, ink: Ink): string[] {
  const kinds = new Map<string, number>();
  for (const { inputs } of steps) {
    for (const [role, { dtype, shape }] of Object.entries(inputs)) {
      const kind = `${role}: ${ink.text(dtype)} [${shape.join(', ')}]`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  }
  return [...kinds].map(([kind, count]) => `${kind} at ${counted(count, 'step')}`);
}
