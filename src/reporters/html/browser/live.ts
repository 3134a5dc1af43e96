// What only a page has that a watch serves: it takes each new page in place of the one before, and says when the watch ends.

/** Follows the events at an address of the page's own server. */
function follow(address: string): void {
  const notice = document.createElement('p');
  notice.className = 'live';
  notice.setAttribute('role', 'status');
  document.body.prepend(notice);
  const say = (text: string) => {
    notice.textContent = text;
  };
  say('Live: a step appears here as it is judged.');
  const events = new EventSource(address);
  let isLoading = false;
  let isStale = false;
  const load = async () => {
    if (isLoading) {
      isStale = true;
      return;
    }
    isLoading = true;
    try {
      do {
        isStale = false;
        const answer = await fetch(location.pathname, { cache: 'no-store' });
        replace(await answer.text());
        dispatchEvent(new Event('pagechange'));
      } while (isStale);
    } catch {
      // The watch is gone: the source of events says so.
    }
    isLoading = false;
  };
  events.addEventListener('change', () => void load());
  events.addEventListener('end', () => {
    events.close();
    say('The watch has ended: this is its last verdict.');
  });
  events.onerror = () => say('No connection to the watch.');
  events.onopen = () => say('Live: a step appears here as it is judged.');
}

/** Puts another page's content in place of this one's; what is unfolded stays so, and the focus where it was. */
function replace(text: string): void {
  const page = new DOMParser().parseFromString(text, 'text/html');
  const open = [...document.querySelectorAll<HTMLDetailsElement>('details[open]')].map(keyOf);
  const focus = document.activeElement === null ? '' : placeOf(document.activeElement);
  document.title = page.title;
  document.querySelector('.controls')?.remove();
  for (const name of ['header', 'main']) {
    const fresh = page.querySelector(name);
    if (fresh !== null) document.querySelector(name)?.replaceWith(fresh);
  }
  for (const details of document.querySelectorAll('details')) details.open ||= open.includes(keyOf(details));
  if (focus !== '')
    requestAnimationFrame(() => document.querySelector<HTMLElement>(focus)?.focus({ preventScroll: true }));
}

function keyOf(details: Element): string {
  return details.querySelector('bdi, summary')?.textContent ?? '';
}

/** A selector of the chart or control that has the focus. */
function placeOf(element: Element): string {
  const figure = element.closest<HTMLElement>('figure[data-metric]');
  const section = element.closest('section[id]');
  if (figure !== null) {
    return `${section === null ? '' : `#${section.id} `}figure[data-metric="${figure.dataset.metric}"] > svg`;
  }
  return element.matches('.controls input')
    ? `.controls input[type=${(element as HTMLInputElement).type}]`
    : '';
}

follow('/events');
