/** What the reader of the page has chosen; all charts follow it, and the address holds what a colleague is to see. */
export interface State {
  step: number | null;
  /** The part of the steps in view; null: all of them. */
  zoom: { readonly from: number; readonly to: number } | null;
  isLog: boolean;
  filter: string;
  /** Runs that are kept in sight among the others, and the one that is pointed at: their numbers in the table. */
  readonly kept: Set<number>;
  pointed: number | null;
}

export const state: State = {
  step: null,
  zoom: null,
  isLog: false,
  filter: '',
  kept: new Set(),
  pointed: null,
};

const listeners = new Set<() => void>();
let isPending = false;
let timer = 0;

/** Calls `act` after each change, once a frame. */
export function onChange(act: () => void): void {
  listeners.add(act);
}

export function forgetListeners(): void {
  listeners.clear();
}

export function change(parts: Partial<State>): void {
  Object.assign(state, parts);
  if (parts.step !== undefined || parts.zoom !== undefined) {
    clearTimeout(timer);
    timer = setTimeout(writeAddress, 150);
  }
  if (isPending) return;
  isPending = true;
  requestAnimationFrame(() => {
    isPending = false;
    for (const act of listeners) act();
  });
}

function writeAddress(): void {
  const { step, zoom } = state;
  const anchor = anchorOf(location.hash);
  const parts = [
    ...(anchor === '' ? [] : [anchor]),
    ...(step === null ? [] : [`step=${step}`]),
    ...(zoom === null ? [] : [`from=${short(zoom.from)}`, `to=${short(zoom.to)}`]),
  ];
  const hash = parts.length === 0 ? location.pathname + location.search : `#${parts.join('&')}`;
  if (location.hash !== hash) history.replaceState(null, '', hash);
}

function short(x: number): number {
  return Number(x.toPrecision(6));
}

/** The part of an address that names a place in the page. */
export function anchorOf(hash: string): string {
  const [first = ''] = hash.slice(1).split('&');
  return first.includes('=') ? '' : first;
}

/** Takes the step and the part of the steps that the address names. */
export function readAddress(): void {
  const named = new URLSearchParams(location.hash.slice(1));
  const number = (name: string) => {
    const text = named.get(name) ?? '';
    return /^\d+(\.\d+)?(e\d+)?$/.test(text) ? Number(text) : null;
  };
  const [from, to] = [number('from'), number('to')];
  const step = number('step');
  change({
    ...(step === null ? {} : { step }),
    ...(from === null || to === null || !(to > from) ? {} : { zoom: { from, to } }),
  });
}
