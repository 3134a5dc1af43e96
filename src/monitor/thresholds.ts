import { InputError } from '#errors.js';
import { RFC_0005_THRESHOLDS, type Rfc0005Thresholds } from '#rules/presets/rfc-0005.js';

/** Bounds of the three criteria, each finite and > 0; those left out are the defaults. */
export type CollapseThresholdsOptions = {
  readonly [Field in keyof Rfc0005Thresholds]?: number | undefined;
};

/**
 * The bounds of the three criteria, frozen and checked: each finite and > 0.
 *
 * Source: RFC-0005 section 3.6, `CollapseThresholds` of `geno_lewm.training.collapse`.
 *
 * @example
 * new CollapseThresholds();                  // { predVarToTargetVar: 0.5, pairwiseToInitial: 0.5, klRegMax: 10 }
 * new CollapseThresholds({ klRegMax: 25 });  // { predVarToTargetVar: 0.5, pairwiseToInitial: 0.5, klRegMax: 25 }
 */
export class CollapseThresholds implements Rfc0005Thresholds {
  /** `pred_var_per_dim` trips below this share of `target_var_per_dim`; unitless. */
  readonly predVarToTargetVar: number;
  /** `pairwise_pred_dist_mean` trips below this share of the initial distance; unitless. */
  readonly pairwiseToInitial: number;
  /** `kl_reg` trips above this, in nats. */
  readonly klRegMax: number;

  /** @throws InputError E224 for a bound that is not a finite number > 0, or a field that does not exist. */
  constructor(options: CollapseThresholdsOptions = {}) {
    if (typeof options !== 'object' || options === null) {
      throw new InputError('E224', `thresholds must be an object, not ${String(options)}`);
    }
    for (const field of Object.keys(options)) {
      if (!Object.hasOwn(RFC_0005_THRESHOLDS, field)) {
        const known = Object.keys(RFC_0005_THRESHOLDS).join(', ');
        throw new InputError('E224', `no threshold is called ${field}; there are ${known}`, {
          fields: { field },
        });
      }
    }
    this.predVarToTargetVar = bound('predVarToTargetVar', options);
    this.pairwiseToInitial = bound('pairwiseToInitial', options);
    this.klRegMax = bound('klRegMax', options);
    Object.freeze(this);
  }
}

function bound(field: keyof Rfc0005Thresholds, options: CollapseThresholdsOptions): number {
  const value = options[field] ?? RFC_0005_THRESHOLDS[field];
  if (options[field] === null || typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    throw new InputError('E224', `${field} must be a finite number > 0, not ${String(options[field])}`, {
      fields: { field, actual: options[field] },
    });
  }
  return value;
}
