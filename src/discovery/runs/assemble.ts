import { branchesOf } from '../candidates/branches.js';
import type { Candidate } from '../candidates/candidate.js';
import { type DraftStep, draftSteps } from '../candidates/draft-steps.js';
import { byStep, partsOf, type Role, type RunMarks, type RunRef } from '../names/step-ref.js';
import type { IgnoredFile } from '../paths/found-file.js';
import { type DiscoveryRequest, wantsTarget } from '../paths/request.js';
import { incompleteSteps } from '../warnings/incomplete-steps.js';
import { missingKeys } from '../warnings/missing-keys.js';
import { missingShards } from '../warnings/missing-shards.js';
import { reportedProblems } from '../warnings/reported-problems.js';
import { zarrWarnings } from '../warnings/unread-files.js';
import type { RunFiles } from './run-tree.js';

/** Assembles the runs that the files of one make up: one for each branch, which have several pairs a step. */
export function assembleRuns(files: RunFiles, request: DiscoveryRequest): readonly RunRef[] {
  return branchesOf(files.run, files.files, request).map(({ name, files: ofBranch }, i) => {
    const ref = assembleRun({ ...files, files: ofBranch, ignored: i === 0 ? files.ignored : [] }, request);
    const marks = marksOf(ref, files, request);
    if (name === '') return { ...ref, marks };
    return { ...ref, run: `${files.run} [${name}]`, marks: { ...marks, branch: name } };
  });
}

/** Says what is true of all steps; before `--steps` and `--last` select, as a series of one is no step by hand. */
function marksOf({ steps, errors }: RunRef, files: RunFiles, request: DiscoveryRequest): RunMarks {
  const [only, ...others] = steps;
  const isGiven = files.onlyStep !== null || files.isGiven === true || only?.step === null;
  const byHand = only !== undefined && others.length === 0 && errors.length === 0 && isGiven;
  const from = files.files.find(({ file, candidates, fallback }) => {
    return file.bound === null && file.stepFrom !== null && candidates.length + fallback.length > 0;
  })?.file.stepFrom;
  return {
    ...(byHand ? { byHand } : {}),
    ...(wantsTarget(request) ? {} : { role: 'embeddings' as const }),
    ...(from == null ? {} : { stepsFrom: from }),
  };
}

/**
 * Assembles the steps of one run from what its files offer. What cannot be loaded becomes an error of its step, and
 * the other steps go on.
 */
function assembleRun({ run, files, ignored: stray }: RunFiles, request: DiscoveryRequest): RunRef {
  const drafts = draftSteps(files, request);
  const problems = reportedProblems(drafts.problems, drafts.steps);
  const numbers = new Set([
    ...drafts.steps.keys(),
    ...problems.errors.flatMap(({ step }) => step ?? []),
    ...files.flatMap(({ unopened }) => unopened ?? []),
  ]);
  const unconflicting = [...drafts.steps.values()].filter(({ conflicting }) => !conflicting);
  const unexplained = unconflicting.filter(
    ({ step, missing }) =>
      missing.length > 0 &&
      !missing.some((role) => drafts.conflicting.has(role) || problems.explains(step, role)),
  );
  const keyless = missingKeys(unconflicting, request, problems.explains);
  const blamed = new Set(problems.errors.map(({ path }) => path));
  const unclaimed = files.flatMap(({ file, ignored: reason }) =>
    reason === null || blamed.has(file.path) ? [] : [{ path: file.path, reason }],
  );
  const incomplete = incompleteSteps(unexplained, [...numbers], unclaimed);
  const whole = unconflicting.filter((draft) => draft.missing.length === 0 && !keyless.faulty.has(draft));
  const torn = missingShards(whole, [...numbers]);
  const complete = whole.filter((draft) => !torn.faulty.has(draft));

  const errors = [
    ...drafts.errors,
    ...problems.errors,
    ...incomplete.errors,
    ...keyless.errors,
    ...torn.errors,
  ].sort(byStep);
  const ignored = [
    ...unclaimed,
    ...drafts.ignored,
    ...problems.ignored,
    ...stray,
    ...unusedShared(drafts.shared, complete),
  ];
  const warnings = [
    ...files.flatMap((file) => file.warnings),
    ...drafts.warnings,
    ...incomplete.warnings,
    ...torn.warnings,
    ...zarrWarnings(ignored),
  ];
  return {
    run,
    marks: {},
    steps: complete.map(({ step, inputs }) => ({ step, inputs: Object.fromEntries(inputs) })).sort(byStep),
    errors,
    warnings,
    ignored,
  };
}

function unusedShared(shared: ReadonlyMap<Role, Candidate>, complete: readonly DraftStep[]): IgnoredFile[] {
  return [...shared].flatMap(([role, { input }]) =>
    complete.length > 0 && complete.every(({ inputs }) => inputs.get(role) !== input)
      ? partsOf(input).map(({ path }) => ({ path, reason: `every step has a ${role} of its own` }))
      : [],
  );
}
