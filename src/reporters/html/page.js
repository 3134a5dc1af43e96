// What a browser adds to a page that is whole without it: sorting, a filter, a log scale, and the value under the
// pointer or the arrow keys, read from the figure's own data. It asks the network for nothing. CHART, the geometry of
// a chart, stands before it in the page.
(() => {
  const plotWidth = CHART.width - CHART.left - CHART.right;
  const make = (name, parts) => Object.assign(document.createElement(name), parts);
  const number = (text) => {
    const x = parseFloat(text);
    return Number.isNaN(x) ? null : x;
  };
  const words = (text) => (text ? text.split(' ') : []);
  const summed = (text) => {
    let sum = 0;
    return words(text).map((x) => (sum += Number(x)));
  };
  const metrics = [...document.querySelectorAll('figure[data-metric]')];
  if (metrics.length > 0) {
    const controls = make('div', { className: 'controls' });
    const search = make('input', { type: 'search', placeholder: 'filter metrics' });
    search.setAttribute('aria-label', 'Show only metrics whose name contains');
    const count = make('span', { className: 'dim' });
    count.setAttribute('role', 'status');
    search.oninput = () => {
      const wanted = search.value.trim().toLowerCase();
      for (const figure of metrics) figure.hidden = !figure.dataset.metric.includes(wanted);
      const shown = metrics.filter((figure) => !figure.hidden).length;
      count.textContent = wanted === '' ? '' : `${shown} of ${metrics.length} charts`;
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
    controls.append(search, label, count);
    document.querySelector('main').before(controls);
  }

  for (const section of document.querySelectorAll('section.run')) {
    const steps = summed(section.dataset.steps);
    const first = steps[0],
      last = steps[steps.length - 1];
    for (const figure of section.querySelectorAll('figure[data-metric]')) {
      const svg = figure.querySelector('svg');
      const at = summed(figure.dataset.at);
      const points = words(figure.dataset.values).map((value, i) => ({ step: steps[at[i]], value }));
      if (points.length === 0) continue;
      const output = make('output');
      figure.querySelector('figcaption').append(output);
      const cursor = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      cursor.setAttribute('class', 'cursor');
      svg.append(cursor);
      let current = points.length - 1;
      const show = (i) => {
        current = Math.max(0, Math.min(points.length - 1, i));
        const point = points[current];
        const share = !(last > first) ? 0.5 : (point.step - first) / (last - first);
        cursor.setAttribute(
          'd',
          `M${CHART.left + share * plotWidth} ${CHART.top}V${CHART.height - CHART.bottom}`,
        );
        output.textContent = (point.step === undefined ? '' : `step ${point.step}: `) + point.value;
      };
      svg.onpointermove = (event) => {
        const box = svg.getBoundingClientRect();
        const x = ((event.clientX - box.left) / box.width) * CHART.width;
        const wanted = first + ((x - CHART.left) / plotWidth) * (last - first);
        let best = 0;
        points.forEach((point, i) => {
          if (Math.abs(point.step - wanted) < Math.abs(points[best].step - wanted)) best = i;
        });
        show(best);
      };
      svg.setAttribute('tabindex', '0');
      svg.onkeydown = (event) => {
        const move = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: points.length - 1 }[
          event.key
        ];
        if (move === undefined) return;
        event.preventDefault();
        show(move);
      };
    }

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
        body.append(
          ...[...original].sort((a, b) => {
            const [one, other] = [key(a), key(b)];
            // What has no value comes last either way.
            if (one === '–' || other === '–') return (one === '–') - (other === '–');
            const [x, y] = [number(one), number(other)];
            const order = x === null || y === null ? one.localeCompare(other) : x - y;
            return up ? order : -order;
          }),
        );
      };
    });
  }
})();
