import type { MetricId } from '#metrics/ids.js';
import type { StepRecord } from '#report/record.js';
import type { ReportStep } from '#report/types.js';
import { Diagnoser } from '#rules/diagnosis/diagnose.js';
import { jepaRules } from '#rules/presets/jepa.js';
import type { RunForm } from '#rules/presets/rules-of-run.js';
import type { HorizonValues } from '#rules/series/series.js';

/** Converts a record's horizons to what the rules see; none where they were not measured one by one. */
export function horizonValues({ horizons }: StepRecord): HorizonValues[] {
  if (horizons === undefined) return [];
  const { numbers, metrics, unavailable } = horizons;
  const ids = Object.keys(metrics) as MetricId[];
  return numbers.map((number, i) => ({
    number,
    values: Object.fromEntries(ids.map((id) => [id, metrics[id]?.[i] ?? null])),
    unavailable: Object.fromEntries(
      (Object.keys(unavailable) as MetricId[]).flatMap((id) => {
        const found = unavailable[id]?.find(({ horizons }) => horizons.includes(number));
        return found === undefined ? [] : [[id, found.reason]];
      }),
    ),
  }));
}

/** Names what each horizon of a run shows, step by step, as if it were a run of its own. */
export class HorizonDiagnosers {
  readonly #byNumber = new Map<number, Diagnoser>();
  readonly #form: RunForm;

  constructor(form: RunForm) {
    this.#form = form;
  }

  diagnose(record: StepRecord): Pick<ReportStep, 'horizonDiagnoses'> {
    if (record.horizons === undefined) return {};
    const horizonDiagnoses = horizonValues(record).map(({ number, ...horizon }) => {
      const diagnoser = this.#byNumber.get(number) ?? new Diagnoser(jepaRules(), this.#form);
      this.#byNumber.set(number, diagnoser);
      return diagnoser.judge({ step: record.step, ...horizon }).label;
    });
    return { horizonDiagnoses };
  }
}
