import type { RunRef } from '../names/step-ref.js';
import { type DiscoveryRequest, isLeftOut } from '../paths/request.js';

/**
 * Returns the run with the steps of `--steps` and, of those, the `--last` N. A step that cannot be loaded counts as
 * one of them, and an error of a step outside them is dropped with it. `unopened` are steps outside the range that
 * were never looked into; they only appear in a warning.
 */
export function selectSteps(
  run: RunRef,
  request: DiscoveryRequest,
  unopened: readonly number[] = [],
): RunRef {
  const { steps: range, last } = request;
  const known = new Set([
    ...[...run.steps, ...run.errors].flatMap(({ step }) => (step === undefined ? [] : [step])),
    ...unopened,
  ]);
  const inRange = [...known].filter(
    (step) => range === undefined || (step !== null && !isLeftOut(step, request)),
  );
  const sorted = inRange.sort((a, b) => (a ?? -1) - (b ?? -1));
  const kept = new Set(last === undefined ? sorted : sorted.slice(Math.max(0, sorted.length - last)));
  return {
    ...run,
    steps: run.steps.filter(({ step }) => kept.has(step)),
    errors: run.errors.filter(({ step }) => step === undefined || kept.has(step)),
    warnings:
      kept.size === 0 && known.size > 0 ? [...run.warnings, noneKept([...known], range)] : run.warnings,
  };
}

function noneKept(known: readonly (number | null)[], range: DiscoveryRequest['steps']): string {
  const numbers = known.filter((step) => step !== null).sort((a, b) => a - b);
  const chosen = range === undefined ? 'the steps chosen' : `${range.from}..${range.to}`;
  if (numbers.length === 0) return `the run's only step has no number, so it is not in ${chosen}`;
  return `the run's steps go from ${numbers[0]} to ${numbers.at(-1)}: none is in ${chosen}`;
}
