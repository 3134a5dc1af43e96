import type { OpenOptions } from '../../src/formats/define-format.js';
export declare const FIXTURES: string;
/** Every data file of a fixtures folder with its entry in expected.json; one without the other is an error. */
export declare function fixtureFolder<T>(folder: string): {
  name: string;
  path: string;
  expected: T;
}[];
export interface LoadsNpy {
  dtype: string;
  shape: number[];
  rows: number;
  cols: number;
  values: (number | string)[];
  options?: OpenOptions;
  vector?: boolean;
}
export interface LoadsArrow {
  dtype: string;
  columns: Record<string, string>;
  rows?: [number, number];
  vectors?: Record<string, number[]>;
}
export interface Refused {
  code: string;
  message: string;
  when: 'open' | 'matrix' | 'vector';
  key?: string;
}
