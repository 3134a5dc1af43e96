export const SOURCES: { readonly conditionNames: string[] };
