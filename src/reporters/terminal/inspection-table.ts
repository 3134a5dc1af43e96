import type { ArrayValues, InspectedArray, InspectedFile, Inspection, ReportError } from '#report/types.js';
import type { RenderOptions } from '../view/define-reporter.js';
import { formatNumber } from '../view/format-number.js';
import { type Ink, inkFor } from '../view/layout.js';
import { counted } from '../view/step-text.js';
import { displayWidth } from './display-width.js';
import { fold } from './fold.js';

type Style = Pick<RenderOptions, 'color' | 'width' | 'ascii' | 'verbose'>;

/** Longer names of arrays are cut: they come from the file. */
const MAX_NAME = 40;
/** More arrays of one file are counted: nobody reads them all. */
const MAX_ARRAYS = 100;
const FACT_WIDTH = 18;
const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Writes for people: a block a file, with a line an array. */
export function inspectionTable({ files }: Inspection, style: Style): string {
  const ink = inkFor(style);
  return files.map((file) => `${block(file, style, ink)}\n`).join('\n');
}

function block(file: InspectedFile, { width, verbose }: Style, ink: Ink): string {
  const indented = (text: string, by: number): string => {
    const indent = ' '.repeat(by);
    return indent + fold(text, width - by, '  ').replaceAll('\n', `\n${indent}`);
  };
  const lines = [indented(`${ink.chalk.bold(ink.text(file.path))}  ${heading(file)}`, 0)];
  if (file.error !== undefined) lines.push(indented(errorText(file.error, ink), 2));
  const arrays = verbose ? file.arrays : foremost(file.arrays);
  const more = file.arrays.length - arrays.length;
  if (arrays.length > 0) lines.push(arrayTable(arrays, ink));
  if (more > 0) lines.push(`  ${counted(more, 'more array')}: --verbose and --json list them all.`);
  for (const array of arrays) {
    if (array.error === undefined && array.values === undefined) continue;
    const facts = array.error === undefined ? valueLines(array.values!, ink) : [errorText(array.error, ink)];
    lines.push(indented(nameOf(array.key, ink), 2), ...facts.map((fact) => indented(fact, 4)));
  }
  for (const { key, role } of file.metadata) {
    if (role !== null) lines.push(indented(`metadata ${nameOf(key, ink)}: ${role}`, 2));
  }
  for (const note of file.notes) lines.push(indented(`note: ${ink.text(note)}`, 2));
  return lines.join('\n');
}

/** Returns the arrays that are shown, in the order of the file: those with a role, then the first of the others. */
function foremost(arrays: readonly InspectedArray[]): readonly InspectedArray[] {
  if (arrays.length <= MAX_ARRAYS) return arrays;
  const byRole = [
    ...arrays.filter(({ role }) => role !== null),
    ...arrays.filter(({ role }) => role === null),
  ];
  const shown = new Set(byRole.slice(0, MAX_ARRAYS));
  return arrays.filter((array) => shown.has(array));
}

function errorText({ code, message }: ReportError, ink: Ink): string {
  return `${ink.chalk.red.bold(code)} ${ink.text(message)}`;
}

function heading({ format, bytes, steps, rank }: InspectedFile): string {
  const numbers =
    steps === null || steps.count === 1 ? null : `${steps.count} steps, ${steps.first} to ${steps.last}`;
  return [
    format,
    bytes === null ? null : formatBytes(bytes),
    steps === null ? 'no step' : (numbers ?? `step ${steps.first}`),
    rank === null ? null : `rank ${rank}`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** Aligns columns by itself: cli-table3 takes a time that grows with the square of the lines. */
function arrayTable(arrays: readonly InspectedArray[], ink: Ink): string {
  const compressed = arrays.some(({ compression }) => compression !== undefined);
  const head = ['array', 'dtype', 'shape', 'order', ...(compressed ? ['compression'] : []), 'role'];
  const lines = arrays.map(({ key, dtype, shape, order, compression, role }) => [
    nameOf(key, ink),
    ink.text(dtype),
    `[${shape.map((n) => n ?? '?').join(', ')}]`,
    order,
    ...(compressed ? [ink.text(compression ?? 'none')] : []),
    role === null ? ink.chalk.dim(ink.dash) : ink.chalk.green(role),
  ]);
  const widths = head.map((name) => name.length);
  // The last column needs no width.
  for (const cells of lines) {
    for (let k = 0; k < head.length - 1; k++) widths[k] = Math.max(widths[k]!, displayWidth(cells[k]!));
  }
  const padded = (cell: string, k: number): string =>
    k === head.length - 1 ? cell : cell + ' '.repeat(widths[k]! - displayWidth(cell));
  return [head, ...lines].map((cells) => `  ${cells.map(padded).join('  ')}`.trimEnd()).join('\n');
}

function nameOf(key: string | null, ink: Ink): string {
  if (key === null) return '(unnamed)';
  const text = ink.text(key);
  return text.length > MAX_NAME ? `${text.slice(0, MAX_NAME - 3)}...` : text;
}

function valueLines(values: ArrayValues, ink: Ink): string[] {
  const { rows, cols, elements, rowNorms, variancePerDim, constantDims } = values;
  const ofMatrix = [
    ['row norms', rangeText(rowNorms, ink)],
    ['variance per dim', rangeText(variancePerDim, ink)],
    ['constant dims', `${constantDims ?? ink.dash} of ${cols}`],
  ];
  const facts = [
    [cols === null ? `${rows} values` : 'values', rangeText(elements, ink)],
    ...(cols === null ? [] : ofMatrix),
    ['not finite', nonFiniteText(values, ink)],
  ];
  return facts.map(([name, text]) => `${name!.padEnd(FACT_WIDTH)}${text}`);
}

function rangeText(range: ArrayValues['elements'], ink: Ink): string {
  if (range === null) return ink.dash;
  const [min, mean, max] = [range.min, range.mean, range.max].map(formatNumber);
  return `min ${min}, mean ${mean}, max ${max}`;
}

function nonFiniteText({ nonFinite, rows, finiteRows }: ArrayValues, ink: Ink): string {
  const { nan, infinite, first } = nonFinite;
  if (first === null) return 'none';
  const counts = [nan > 0 ? `${nan} NaN` : '', infinite > 0 ? `${infinite} Inf` : ''].filter(
    (text) => text !== '',
  );
  const where = `first at row ${first.row}, column ${first.column}`;
  const text = `${counts.join(' and ')}, ${where}; the rest is of ${finiteRows} of ${rows} rows`;
  return ink.chalk.red(text);
}

/** Writes a size for people, in powers of 1024: '4.25 KiB'. */
function formatBytes(bytes: number): string {
  let unit = 0;
  let size = bytes;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? bytes : formatNumber(Number(size.toPrecision(3)))} ${UNITS[unit]}`;
}
