import { UsageError } from '#errors.js';
import type { OutputRequest, Plan } from '#plan.js';
import type { CommandName } from '../commands.js';
import type { FlagValues } from '../flags.js';
import { judgePlanOf } from './judge-plan.js';
import { measurePlanOf, refuseInputs } from './measure-plan.js';
import { outputsOf } from './outputs.js';
import { refuseHorizonRules, withRuledMetrics } from './rules-and-metrics.js';

/** The commands that measure or judge. */
export type PlannedCommand = Exclude<CommandName, 'inspect' | 'completion' | 'explain' | 'serve'>;

/**
 * Returns what a command measures, how it judges and what it writes, with every default filled in. Throws `UsageError`
 * for flags and paths that do not go together.
 *
 * @param flags Those of the command line over those of the configuration.
 * @param paths As they were given: runs to measure or, for `gate` and `report`, records to judge.
 */
export function planOf(command: PlannedCommand, flags: FlagValues, paths: readonly string[]): Plan {
  const outputs = outputsFor(command, flags);
  // The first of two is what the second is compared with.
  const asJudged = command === 'diff' ? { ...flags, reference: paths[0] ?? '' } : flags;
  const judging = judges(command) ? judgePlanOf(asJudged) : { ...judgePlanOf({}), presets: [] };
  const records = recordsAmong(command, paths);
  if (records.length > 0) return { measuring: measurePlanOf(flags, []), records, judging, outputs };
  if (command === 'watch' && paths.length === 0) {
    throw new UsageError('E103', 'watch looks at directories', {
      hint: 'name them: `collapse watch runs/exp1`',
    });
  }
  refuseInputs(flags, paths);
  const asked = measurePlanOf(flags, paths);
  refuseHorizonRules(asked, judging);
  // A page that is served shows what a page of report does.
  const isServed = flags.serve !== undefined;
  const measuring = {
    ...asked,
    metrics: withRuledMetrics(asked.metrics, judging),
    spectrum: command === 'report' ? !flags.noSpectrum : (flags.spectrum ?? isServed),
    projection: command === 'report' ? !flags.noProjection : (flags.projection ?? isServed),
  };
  return { measuring, records, judging, outputs };
}

function judges(command: PlannedCommand): boolean {
  return !['measure', 'doctor', 'calibrate'].includes(command);
}

function outputsFor(command: PlannedCommand, flags: FlagValues): readonly OutputRequest[] {
  if (command === 'calibrate') return [];
  if (command === 'measure') return [{ format: 'ndjson', path: null }];
  if (command === 'diff') return outputsOf({ ...flags, output: flags.sides ?? [] });
  if (command !== 'report') return outputsOf(flags);
  return outputsOf({ ...flags, output: flags.page ?? [{ format: 'html', path: 'report.html' }] });
}

const RECORDS = /\.(ndjson|jsonl)$/i;

/** Returns the paths that are records: all of `gate`, all or none of `report` and `calibrate`. */
function recordsAmong(command: PlannedCommand, paths: readonly string[]): readonly string[] {
  if (command === 'gate') {
    if (paths.length > 0) return paths;
    throw new UsageError('E103', 'no records given', {
      hint: 'name files that `collapse measure` wrote, or `-` for standard input',
    });
  }
  const records =
    command === 'report' || command === 'calibrate' ? paths.filter((path) => RECORDS.test(path)) : [];
  if (records.length > 0 && records.length < paths.length) {
    throw new UsageError('E104', `records and runs cannot be mixed in one ${command}`, {
      hint: `run \`collapse measure\` on the runs first, and ${command} all the records`,
    });
  }
  return records;
}
