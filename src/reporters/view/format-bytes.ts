import { formatNumber } from './format-number.js';

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size for people, in powers of 1024: '4.25 KiB'. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let size = bytes;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? bytes : formatNumber(Number(size.toPrecision(3)))} ${UNITS[unit]}`;
}
