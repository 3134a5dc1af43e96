/** What a user is told when more than two stored axes became rows and columns; nothing for a plain matrix. */
export function flattenNotes(shape: readonly number[], rows: number): string[] {
  return shape.length > 2 ? [`${shape.length}-D [${shape.join(', ')}] flattened to ${rows} rows`] : [];
}
