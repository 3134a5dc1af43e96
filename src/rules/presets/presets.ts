import type { Level, Rule } from '../language/rule.js';
import { jepaRules } from './jepa.js';
import { type Rfc0005Thresholds, rfc0005Rules } from './rfc-0005.js';

/** A named set of rules. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** Its rules, all at `level`. */
  rules(level: Level, thresholds: Rfc0005Thresholds): Rule[];
}

/** Every preset, in the order their rules are judged and shown. */
export const PRESETS = [
  {
    id: 'rfc-0005',
    title: "the reference's three criteria",
    source: 'RFC-0005 section 3.6 (geno_lewm.training.collapse)',
    rules: (level, thresholds) => rfc0005Rules(thresholds).map((rule) => ({ ...rule, level })),
  },
  {
    id: 'jepa',
    title: 'every kind of collapse, by rules that do not depend on scale, batch size or a first step',
    source:
      'this project; docs/rules.md says why each bound is what it is, docs/detection.md how often it is right',
    rules: (level) => jepaRules(level),
  },
] as const satisfies readonly Preset[];

/** The id of a preset. */
export type PresetId = (typeof PRESETS)[number]['id'];

/** The ids of all presets, in the order of `PRESETS`. */
export const PRESET_IDS: readonly PresetId[] = PRESETS.map(({ id }) => id);

/** A preset and how grave its alerts are. */
export interface PresetRequest {
  readonly id: PresetId;
  readonly level: Level;
  /** Ids of its rules that are at level error, whatever `level` says. */
  readonly atError?: readonly string[];
  /** Of a preset that judges by default: ids of its rules that were asked for by a flag of their own. */
  readonly asked?: readonly string[];
  /** Its rules are shown only where they alert. */
  readonly quiet?: true;
}

/**
 * What judges where no preset is named: every kind of collapse decides, by the rules of `jepa`, and so does a supplied
 * `kl_reg`; the reference's criteria on variance and distance, which a predictor trips that is still warming up, warn.
 *
 * @param asked Ids of the reference's criteria that were asked for by a flag of their own: they decide as well.
 */
export function defaultPresets(asked: readonly string[] = []): readonly PresetRequest[] {
  return [
    { id: 'rfc-0005', level: 'warn', atError: ['kl_reg', ...asked], ...(asked.length > 0 ? { asked } : {}) },
    { id: 'jepa', level: 'error', quiet: true },
  ];
}

/** Lists the rules a verdict is made of: those of the presets, then the user's own, in the order they were given. */
export function activeRules(
  presets: readonly PresetRequest[],
  own: readonly Rule[],
  thresholds: Rfc0005Thresholds,
): Rule[] {
  const known: readonly (Preset & { readonly id: PresetId })[] = PRESETS;
  const ofPresets = known.flatMap((preset): readonly Rule[] => {
    const request = presets.find(({ id }) => id === preset.id);
    if (request === undefined) return [];
    const marks = { preset: preset.id, ...(request.quiet ? { quiet: true as const } : {}) };
    const ownLevel = ({ id, level }: Rule) => (request.atError?.includes(id) ? 'error' : level);
    return preset.rules(request.level, thresholds).map((rule) => ({
      ...rule,
      level: ownLevel(rule),
      ...marks,
      ...(request.atError !== undefined && !request.asked?.includes(rule.id)
        ? { byDefault: true as const }
        : {}),
    }));
  });
  return [...ofPresets, ...own];
}
