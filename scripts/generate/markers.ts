/** Returns a document with what stands between `<!-- name -->` and `<!-- /name -->` made anew, for each name of `tables`. */
export function betweenMarkers(document: string, tables: Readonly<Record<string, string>>): string {
  return document.replace(
    /(<!-- (\w+) -->\n\n)[\s\S]*?(\n?<!-- \/\2 -->)/g,
    (all, open: string, name: string) => (name in tables ? `${open}${tables[name]}\n<!-- /${name} -->` : all),
  );
}

/** Returns a row of a Markdown table; text in code spans keeps its angle brackets, other text is escaped. */
export function row(...cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |\n`;
}

function cell(text: string): string {
  const parts = text.replaceAll('|', '\\|').split(/(`[^`]*`)/);
  return parts.map((part) => (part.startsWith('`') ? part : part.replaceAll(/[<*]/g, '\\$&'))).join('');
}

/** Returns a Markdown table with these headings. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = `| ${headings.map(() => '---').join(' | ')} |\n`;
  return row(...headings) + rule + rows.map((cells) => row(...cells)).join('');
}
