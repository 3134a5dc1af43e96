import { CollapseError } from '#errors.js';
import type { MemoryFile } from '#measure/memory-io.js';
import { mergeFlags } from '#options/config/parse-config.js';
import type { FlagValues } from '#options/flags.js';
import { planOf } from '#options/plan/plan-of.js';
import type { Plan } from '#plan.js';
import type { ReferenceData } from '#report/normal.js';
import type { MeasureRecord, StepRecord } from '#report/record.js';
import type { Report } from '#report/types.js';
import type { CommandContext } from '../input/context.js';
import type { Settings } from '../input/lay-on-config.js';
import { measureRecords } from '../input/measure-records.js';
import { nameRecords } from '../input/name-records.js';
import { referred } from '../input/plan-for.js';
import { judge } from '../judge.js';
import { RememberedRuns } from './remembered-runs.js';
import type { ServeRequest } from './request.js';
import { appendRun, readRun, writeRun } from './run-file.js';

/** Measures what a request brings, and judges it together with what the run had before. */
export class CheckServer {
  readonly #settings: Pick<Settings, 'flags' | 'configuration'>;
  readonly #context: CommandContext;
  readonly #runs = new RememberedRuns();
  readonly #references = new Map<string, ReferenceData>();

  constructor(settings: Pick<Settings, 'flags' | 'configuration'>, context: CommandContext) {
    this.#settings = settings;
    this.#context = context;
  }

  /** Returns the plan of a check. Throws where flags contradict each other, or a reference cannot be read. */
  planOf(flags: FlagValues, paths: readonly string[]): Promise<Plan> {
    return referred(planOf('check', flags, paths), flags, this.#context.cwd, this.#references);
  }

  /**
   * Returns the report of `check` over all steps of the run; of the steps, it holds those measured now. Without arrays what
   * is remembered is judged again.
   */
  async check(request: ServeRequest, frame: MemoryFile | null): Promise<Report> {
    const { run, step, records: file } = request;
    const flags = mergeFlags(this.#settings.flags, request.flags);
    const { cwd } = this.#context;
    const paths = frame === null ? (request.paths ?? ['.']) : [frame.path];
    const plan = await this.planOf(flags, paths);
    if (file !== undefined && !this.#runs.has(run)) this.#runs.begin(run, await readRun(file, run, cwd));
    const measured: StepRecord[] = [];
    const others: MeasureRecord[] = [];
    const isGiven = frame !== null || request.paths !== undefined;
    const records = measureRecords({ plan, flags: { noProgress: true }, array: frame }, this.#context);
    for await (const record of isGiven ? nameRecords(records, { run, step }) : []) {
      if (record.type === 'step') measured.push(record);
      else others.push(record);
    }
    const forgotten = this.#runs.add(run, measured);
    if (forgotten !== null) others.push({ type: 'warning', run, message: FORGOTTEN[forgotten] });
    if (file !== undefined && measured.length > 0)
      others.push(...this.#keep(file, run, measured, forgotten !== null));
    const { configuration } = this.#settings;
    const judged = { plan, flags: {}, configuration };
    const report = await judge([...this.#runs.of(run), ...others], judged, this.#context, {
      isSeries: true,
    });
    // A chunk of its own, which `check --json` loads too.
    const { withMeasuredSteps } = await import('#reporters/view/measured-steps.js');
    return withMeasuredSteps({ report, records: measured });
  }

  /** Writes the steps to the file of the run; one that cannot be written is a warning, and the verdict stands. */
  #keep(file: string, run: string, measured: readonly StepRecord[], isAnew: boolean): MeasureRecord[] {
    const { cwd } = this.#context;
    const records = this.#runs.of(run);
    try {
      if (isAnew || records.length === measured.length) writeRun(file, records, cwd);
      else appendRun(file, measured, cwd);
      return [];
    } catch (error) {
      if (!(error instanceof CollapseError)) throw error;
      return [{ type: 'warning', run, path: file, message: error.message }];
    }
  }
}

const FORGOTTEN = {
  'earlier step': 'the step is not later than the newest remembered: those from it on are forgotten',
  'other settings': 'earlier steps were measured with other settings and are forgotten: the run begins anew',
} as const;
