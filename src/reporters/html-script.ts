import { CHART } from './html-chart.js';

/**
 * What a browser adds to a page that is whole without it: sorting, a filter, a log scale, and the value under the
 * pointer or the arrow keys, read from the table of steps. It asks the network for nothing.
 */
export const SCRIPT = `
(() => {
  const make = (name, parts) => Object.assign(document.createElement(name), parts);
  const number = (text) => { const x = parseFloat(text); return Number.isNaN(x) ? null : x; };
  const controls = make('div', { className: 'controls' });
  const search = make('input', { type: 'search', placeholder: 'filter metrics' });
  search.setAttribute('aria-label', 'Show only metrics whose name contains');
  search.oninput = () => {
    for (const figure of document.querySelectorAll('figure'))
      figure.hidden = !figure.dataset.metric.includes(search.value.trim().toLowerCase());
  };
  const log = make('input', { type: 'checkbox' });
  log.onchange = () => {
    for (const group of document.querySelectorAll('svg .log')) {
      group.setAttribute('display', log.checked ? 'inline' : 'none');
      group.previousElementSibling.setAttribute('display', log.checked ? 'none' : 'inline');
    }
  };
  const label = make('label');
  label.append(log, ' log scale where all values are above 0');
  controls.append(search, label);
  document.querySelector('header').append(controls);

  for (const section of document.querySelectorAll('section.run')) {
    const table = section.querySelector('table.steps');
    if (!table) continue;
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const original = [...body.rows];
    heads.forEach((head, column) => {
      const button = make('button', { type: 'button', textContent: head.textContent });
      head.replaceChildren(button);
      button.onclick = () => {
        const up = head.getAttribute('aria-sort') !== 'ascending';
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
        const key = (row) => row.cells[column].textContent;
        body.append(...[...original].sort((a, b) => {
          const [x, y] = [number(key(a)), number(key(b))];
          const order = x === null || y === null ? (x === null) - (y === null) || key(a).localeCompare(key(b)) : x - y;
          return up ? order : -order;
        }));
      };
    });
    for (const figure of section.querySelectorAll('figure')) {
      const column = heads.findIndex((head) => head.textContent === figure.dataset.metric);
      const svg = figure.querySelector('svg');
      if (column < 0 || !svg) continue;
      const points = original.map((row) => ({ step: number(row.cells[0].textContent) ?? 0, name: row.cells[0].textContent, value: row.cells[column].textContent }));
      const first = points[0].step, last = points[points.length - 1].step;
      const output = make('output');
      figure.querySelector('figcaption').append(output);
      const cursor = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      cursor.setAttribute('class', 'cursor');
      svg.append(cursor);
      let at = points.length - 1;
      const show = (i) => {
        at = Math.max(0, Math.min(points.length - 1, i));
        const share = last === first ? 0.5 : (points[at].step - first) / (last - first);
        cursor.setAttribute('d', 'M' + (${CHART.left} + share * ${CHART.width - CHART.left - CHART.right}) + ' ${CHART.top}V${CHART.height - CHART.bottom}');
        output.textContent = 'step ' + points[at].name + ': ' + points[at].value;
      };
      svg.onpointermove = (event) => {
        const box = svg.getBoundingClientRect();
        const wanted = first + ((event.clientX - box.left) / box.width) * (last - first);
        let best = 0;
        points.forEach((point, i) => { if (Math.abs(point.step - wanted) < Math.abs(points[best].step - wanted)) best = i; });
        show(best);
      };
      svg.setAttribute('tabindex', '0');
      svg.onkeydown = (event) => {
        const move = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: points.length - 1 }[event.key];
        if (move === undefined) return;
        event.preventDefault();
        show(move);
      };
    }
  }
})();
`;
