import { jepaRules } from './preset-jepa.js';
import { type Rfc0005Thresholds, rfc0005Rules } from './preset-rfc-0005.js';
import type { Level, Rule } from './rule.js';

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
    source: 'this project; each bound is justified beside it in src/rules/preset-jepa.ts',
    rules: (level) => jepaRules(level),
  },
] as const satisfies readonly Preset[];

export type PresetId = (typeof PRESETS)[number]['id'];

export const PRESET_IDS: readonly PresetId[] = PRESETS.map(({ id }) => id);

/** A preset and how grave its alerts are. */
export interface PresetRequest {
  readonly id: PresetId;
  readonly level: Level;
}

/** The rules a verdict is made of: those of the presets, then the user's own, in the order they were given. */
export function activeRules(
  presets: readonly PresetRequest[],
  own: readonly Rule[],
  thresholds: Rfc0005Thresholds,
): Rule[] {
  const known: readonly (Preset & { readonly id: PresetId })[] = PRESETS;
  const ofPresets = known.flatMap((preset) => {
    const request = presets.find(({ id }) => id === preset.id);
    return request === undefined ? [] : preset.rules(request.level, thresholds);
  });
  return [...ofPresets, ...own];
}
