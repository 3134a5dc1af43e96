import { InputError } from '../../src/errors.js';
/** The `InputError` that `act` throws; fails where it throws anything else, or nothing. */
export declare function inputErrorOf(act: () => unknown): InputError;
