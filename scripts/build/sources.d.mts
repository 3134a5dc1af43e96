import type { InputOptions, OutputOptions } from 'rolldown';

export const SOURCES: { readonly conditionNames: string[] };
export function bundleSources(
  input: string | string[],
  output: OutputOptions,
  options?: InputOptions,
): Promise<void>;
