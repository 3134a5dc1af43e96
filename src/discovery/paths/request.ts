/** What the user asked to be found. */
export interface DiscoveryRequest {
  /** Directories, files and globs as the user gave them. */
  readonly paths: readonly string[];
  /** `--pred PATTERN`: the prediction's files; `{step}` stands for the step's digits. */
  readonly pred?: string;
  /** `--target PATTERN`; 'none' measures predictions alone. */
  readonly target?: string;
  /** `--pred-key NAME`, the array or column inside a file. */
  readonly predKey?: string;
  readonly targetKey?: string;
  readonly contextKey?: string;
  readonly maskKey?: string;
  readonly labelKey?: string;
  readonly groupKey?: string;
  /** `--mask-keeps 0|1`: the value that keeps a row, whatever the mask's name says. */
  readonly maskKeeps?: 0 | 1;
  /** `--no-mask`: masks are not looked for. */
  readonly noMask?: boolean;
  /** `--siblings steps|runs`: how neighbours are read whose numbers may be either. */
  readonly siblings?: 'steps' | 'runs';
  /** `--steps FROM..TO`, both ends included; an open end is -Infinity or Infinity. */
  readonly steps?: { readonly from: number; readonly to: number };
  /** `--last N`: the newest N steps of each run, counted after `steps`. */
  readonly last?: number;
}

/** Is true for a step outside `--steps`. */
export function isLeftOut(step: number, { steps }: DiscoveryRequest): boolean {
  return steps !== undefined && !(steps.from <= step && step <= steps.to);
}

export function wantsTarget(request: DiscoveryRequest): boolean {
  return request.target !== 'none';
}
