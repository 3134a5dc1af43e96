export interface Room {
  readonly name: string;
  readonly holds: string;
  readonly why: string;
  readonly imports: readonly string[];
  readonly packages?: readonly string[];
  readonly never?: readonly string[];
}
export const ROOMS: readonly Room[];
export const PACKAGES: Readonly<Record<string, { readonly names: readonly string[]; readonly why: string }>>;
export function withLayerRules(biomeJson: string): string;
export function withRoomsTable(architecture: string): string;
