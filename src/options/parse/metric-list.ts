import { UsageError } from '#errors.js';
import { CORE_METRIC_IDS, DEFAULT_METRIC_IDS, METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { nearestName } from '#rules/language/nearest-name.js';
import type { Parser } from './value-parsers.js';

const GROUPS = new Map<string, readonly MetricId[]>([
  ['core', CORE_METRIC_IDS],
  ['default', DEFAULT_METRIC_IDS],
  ['all', METRIC_IDS],
]);

/** What may stand in the list. */
export const METRIC_LIST_WORDS: readonly string[] = [...GROUPS.keys(), ...METRIC_IDS];

/**
 * `core`, `default`, `all`, a metric id, or several of them separated by commas: `core,pred_r2`. Each metric comes
 * once and in the order of METRIC_IDS, so that two ways to ask for the same have the same fingerprint.
 */
export const metricList: Parser<readonly MetricId[]> = (text, flag) => {
  const asked = new Set<MetricId>();
  for (const name of text.split(',').map((part) => part.trim())) {
    const ids = GROUPS.get(name) ?? METRIC_IDS.filter((id) => id === name);
    if (ids.length === 0) throw unknownMetric(flag, name);
    for (const id of ids) asked.add(id);
  }
  return METRIC_IDS.filter((id) => asked.has(id));
};

function unknownMetric(flag: string, name: string): UsageError {
  const nearest = nearestName(name, METRIC_LIST_WORDS);
  return new UsageError(
    'E102',
    name === '' ? `${flag} has an empty name in its list` : `${flag}: there is no metric '${name}'`,
    {
      fields: { flag, value: name },
      hint:
        nearest === null
          ? `core, default, all, or ids such as ${METRIC_IDS[0]}`
          : `did you mean '${nearest}'?`,
    },
  );
}
