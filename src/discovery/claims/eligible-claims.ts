import { InputError } from '#errors.js';
import type { Role } from '../names/step-ref.js';
import { showPath } from '../names/tree-path.js';
import { type DiscoveryRequest, wantsTarget } from '../paths/request.js';
import { CHOSEN, type Claim, type Doubt, type FileClaims } from './claim.js';
import { areRanks } from './join-ranks.js';

export interface Eligible {
  readonly claims: readonly Claim[];
  readonly doubts: readonly Doubt[];
  /** Why claims were passed over, by path. */
  readonly passed: ReadonlyMap<string, string>;
}

/**
 * The claims of a run's files that count under the request: `--pred` and `--target` leave a role to the
 * files they name, `--target none` drops targets and lets a step's only embedding be its prediction, `--no-mask`
 * drops masks with whatever is wrong with them.
 */
export function eligibleClaims(files: readonly FileClaims[], request: DiscoveryRequest): Eligible {
  const passed = new Map<string, string>();
  const onlyChosen = new Map<Role, string>();
  if (request.pred !== undefined) onlyChosen.set('prediction', '--pred names other files');
  if (request.target !== undefined) {
    onlyChosen.set('target', wantsTarget(request) ? '--target names other files' : '--target none');
  }
  if (request.noMask) onlyChosen.set('mask', '--no-mask');
  const claims: Claim[] = [];
  for (const claim of files.flatMap((file) => file.claims)) {
    const reason = claim.strength === CHOSEN ? undefined : onlyChosen.get(claim.role);
    if (reason === undefined) claims.push(claim);
    else passed.set(claim.input.path, reason);
  }
  const doubts = files
    .flatMap((file) => file.doubts)
    .filter(({ roles }) => !(request.noMask && roles.length === 1 && roles[0] === 'mask'));
  if (!onlyChosen.has('prediction')) {
    const fallback = fallbackPredictions(files, claims);
    for (const claim of fallback.claims) claims.push(claim);
    for (const doubt of fallback.doubts) doubts.push(doubt);
    for (const path of fallback.passed)
      passed.set(path, 'no role in its name, and the prediction is another file');
  } else
    for (const claim of files.flatMap((file) => file.fallback))
      passed.set(claim.input.path, 'no role in its name');
  for (const claim of claims) passed.delete(claim.input.path);
  return { claims, doubts, passed };
}

interface Fallback {
  readonly claims: readonly Claim[];
  readonly doubts: readonly Doubt[];
  readonly passed: readonly string[];
}

/** The only unclaimed embedding of each step that has no prediction; E212 where there are several. */
function fallbackPredictions(files: readonly FileClaims[], claims: readonly Claim[]): Fallback {
  const settled = new Set(claims.filter(({ role }) => role === 'prediction').map(({ step }) => step));
  const byStep = new Map<number | null, Claim[]>();
  for (const claim of files.flatMap((file) => file.fallback)) {
    const found = byStep.get(claim.step);
    if (found === undefined) byStep.set(claim.step, [claim]);
    else found.push(claim);
  }
  const result = { claims: [] as Claim[], doubts: [] as Doubt[], passed: [] as string[] };
  for (const [step, found] of byStep) {
    // Beside numbered steps, a file without a step is some other file.
    const other = step === null && (settled.size > 0 || byStep.size > 1);
    if (other || settled.has(step)) for (const { input } of found) result.passed.push(input.path);
    else if (found.length === 1 || areRanks(found)) for (const claim of found) result.claims.push(claim);
    else {
      const error = severalFiles(step, found);
      result.doubts.push({ step, roles: ['prediction'], rank: null, error, always: false });
    }
  }
  return result;
}

function severalFiles(step: number | null, found: readonly Claim[]): InputError {
  const names = found.map(({ input }) => showPath(input.path));
  const more = names.length > 2 ? ` and ${names.length - 2} more` : '';
  return new InputError('E212', `several files could be the prediction: ${names[0]} and ${names[1]}${more}`, {
    path: found[0]!.input.path,
    step,
    hint: 'choose with --pred, or put `prediction` in the name of one',
  });
}
