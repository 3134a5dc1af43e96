/** Makes the heads of a table buttons that sort its rows. */
export function addSorting(table: HTMLTableElement): void {
  const [body] = table.tBodies;
  const head = table.tHead?.rows[0];
  if (body === undefined || head === undefined) return;
  const original = [...body.rows];
  const heads = [...head.cells];
  for (const [column, cell] of heads.entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...cell.childNodes);
    cell.append(button);
    button.onclick = () => {
      const isUp = cell.getAttribute('aria-sort') !== 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      cell.setAttribute('aria-sort', isUp ? 'ascending' : 'descending');
      body.append(...[...original].sort((a, b) => compared(textOf(a, column), textOf(b, column), isUp)));
    };
  }
}

function textOf(row: HTMLTableRowElement, column: number): string {
  const cell = row.cells[column];
  return (cell?.querySelector('bdi') ?? cell)?.textContent ?? '';
}

function compared(one: string, other: string, isUp: boolean): number {
  // What has no value comes last either way.
  if (one === '–' || other === '–') return Number(one === '–') - Number(other === '–');
  const [x, y] = [Number.parseFloat(one), Number.parseFloat(other)];
  const order =
    Number.isNaN(x) || Number.isNaN(y) ? one.localeCompare(other, 'en', { numeric: true }) : x - y;
  return isUp ? order : -order;
}
