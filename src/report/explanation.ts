/** What a metric, criterion, preset, kind of collapse or error code means, as labelled lines. */
export interface Explanation {
  readonly id: string;
  readonly title: string;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
}

/** Everything that can be explained. */
export interface ExplanationList {
  readonly heading: string;
  readonly entries: readonly { readonly id: string; readonly title: string }[];
}
