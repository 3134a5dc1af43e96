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
  let wanted = 0;
  let isLoading = false;
  const isOld = () => Number(document.body.dataset.version) < wanted;
  const load = async () => {
    if (isLoading) return;
    isLoading = true;
    try {
      while (isOld()) {
        const answer = await fetch(location.pathname, { cache: 'no-store' });
        replace(await answer.text());
      }
    } catch {
      // The watch is gone: the source of events says so.
    }
    isLoading = false;
  };
  events.addEventListener('change', ({ data }) => {
    wanted = Number(data);
    void load();
  });
  events.addEventListener('end', () => {
    events.close();
    say('The watch has ended: this is its last verdict.');
  });
  events.onerror = () => say('No connection to the watch.');
  events.onopen = () => say('Live: a step appears here as it is judged.');
}

/** Puts another page's content in place of this one's; what is unfolded stays so, and what is looked at where it was. */
function replace(text: string): void {
  const page = new DOMParser().parseFromString(text, 'text/html');
  const open = [...document.querySelectorAll<HTMLDetailsElement>('details[open]')].map(detailsName);
  const focus = document.activeElement?.closest<HTMLElement>('figure, .controls input') ?? null;
  const focused = focus === null ? null : nameOf(focus);
  const looked = lookedAt(focus);
  document.title = page.title;
  document.body.dataset.version = page.body.dataset.version;
  document.querySelector('.controls')?.remove();
  for (const name of ['header', 'main']) {
    const fresh = page.querySelector(name);
    if (fresh !== null) document.querySelector(name)?.replaceWith(fresh);
  }
  for (const details of document.querySelectorAll('details'))
    details.open ||= open.includes(detailsName(details));
  dispatchEvent(new Event('pagechange'));
  if (looked !== null)
    scrollBy(0, (named(looked.name)?.getBoundingClientRect().top ?? looked.top) - looked.top);
  const again = focused === null ? null : named(focused);
  (again?.matches('figure') ? again.querySelector<SVGElement>('svg[tabindex]') : again)?.focus({
    preventScroll: true,
  });
}

/** The chart with the focus, or the first in sight, and how far from the top it is; null at the head of the page. */
function lookedAt(focus: HTMLElement | null): { readonly name: string; readonly top: number } | null {
  const isSeen = (figure: Element) => {
    const { top, height } = figure.getBoundingClientRect();
    return height > 0 && top + height > 0 && top < innerHeight;
  };
  const focused = focus?.matches('figure') ? [focus] : [];
  const figures = scrollY === 0 ? [] : [...document.querySelectorAll<HTMLElement>('figure')];
  const seen = [...focused, ...figures].find(isSeen);
  return seen === undefined ? null : { name: nameOf(seen), top: seen.getBoundingClientRect().top };
}

/** Names a chart or a control by what stands in it, which another page has too, perhaps in another place. */
function nameOf(element: HTMLElement): string {
  if (element.matches('input')) return `input ${(element as HTMLInputElement).type}`;
  const run = element.closest('section')?.querySelector('h2 bdi')?.textContent ?? '';
  return `${run} ${element.className} ${element.querySelector('figcaption b')?.textContent}`;
}

function named(name: string): HTMLElement | null {
  const all = [...document.querySelectorAll<HTMLElement>('figure, .controls input')];
  return all.find((element) => nameOf(element) === name) ?? null;
}

function detailsName(details: Element): string {
  return details.querySelector('bdi, summary')?.textContent ?? '';
}

follow('/events');
