import type { Ink } from '../view/layout.js';
import { displayWidth } from './display-width.js';

export interface Column {
  readonly head: string;
  readonly cells: readonly string[];
  readonly align: 'left' | 'right';
  readonly paint?: readonly ((text: string) => string)[];
  /** 'first' is cut where nothing else helps; a number is the order in which columns that may be left out get room. */
  readonly keep: 'first' | 'always' | number;
  /** For a column that takes what is left, between two sizes. */
  readonly stretch?: {
    readonly min: number;
    readonly max: number;
    readonly cells: (width: number) => readonly string[];
  };
}

export const COLUMN_GAP = 2;

/** Chooses the columns that fit `width`, in their order: those that must stay, then as many others as have room. */
export function fitColumns(columns: readonly Column[], width: number, ink: Ink): readonly Column[] {
  const kept = new Set(columns.filter(({ keep }) => typeof keep === 'string'));
  let room = width + COLUMN_GAP - [...kept].reduce((sum, column) => sum + smallest(column), 0);
  const optional = columns.filter(({ keep }) => typeof keep === 'number');
  for (const column of optional.sort((a, b) => Number(a.keep) - Number(b.keep))) {
    if (smallest(column) > room) continue;
    kept.add(column);
    room -= smallest(column);
  }
  return columns
    .filter((column) => kept.has(column))
    .map((column) => {
      if (column.keep === 'first' && room < 0) return shortened(column, room, ink);
      if (column.stretch === undefined) return column;
      const { min, max, cells } = column.stretch;
      return { ...column, cells: cells(Math.min(max, min + Math.max(0, room))) };
    });
}

function smallest({ head, cells, stretch }: Column): number {
  const content = stretch?.min ?? Math.max(...cells.map(displayWidth), 0);
  return Math.max(head.length, content) + COLUMN_GAP;
}

/** Cuts cells in the middle, because names of one family differ at both ends. */
function shortened(column: Column, room: number, { ellipsis }: Ink): Column {
  const size = Math.max(8, smallest(column) - COLUMN_GAP + room);
  const cut = (text: string) => {
    if (text.length <= size) return text;
    const left = size - ellipsis.length;
    return text.slice(0, Math.ceil(left / 2)) + ellipsis + text.slice(text.length - Math.floor(left / 2));
  };
  return { ...column, cells: column.cells.map(cut) };
}
