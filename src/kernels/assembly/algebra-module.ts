export { choleskyBlock } from './cholesky';
export { eigenvalueBytes, eigenvalues, placeRows } from './eigenvalues';
export { qrPanel } from './householder-qr';
