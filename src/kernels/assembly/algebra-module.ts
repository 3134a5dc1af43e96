export { eigenvalueBytes, eigenvalues, placeRows } from './eigenvalues';
export { qrPanel } from './householder-qr';
// Exported lest it be made one with its only caller: each call of its own may run better code than the one before.
export { sweepUp } from './tridiagonal-ql';
