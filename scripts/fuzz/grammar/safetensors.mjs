import { count, int, join, name, pick, several, text } from './bytes.mjs';

/** safetensors: headers of any depth, tensors that share, overlap or leave bytes. */
export function safetensors(next) {
  let end = 0;
  const tensors = several(next, () => {
    const shape = several(next, () => count(next), 3);
    const size = next(4) === 0 ? count(next) : Math.min(4096, 4 * shape.reduce((all, axis) => all * axis, 1));
    const start = pick(next, end, end, end, 0, Math.max(0, end - 4), end + 4, count(next));
    end = Math.max(end, Math.min(start + size, 1e6));
    const dtype = pick(next, 'F32', 'F32', 'F64', 'BF16', 'I64', 'BOOL', 'F8_E4M3', 'X');
    const entry = `{"dtype":"${dtype}","shape":[${shape}],"data_offsets":[${start},${start + size}]${extra(next)}}`;
    return `${JSON.stringify(name(next))}:${entry}`;
  });
  if (next(3) === 0) tensors.push(`"__metadata__":${value(next, 0)}`);
  const header = text(`{${tensors.join(',')}}${pick(next, '', '', ' ', '}')}`);
  const length = next(10) === 0 ? count(next) : header.length;
  return join(int(length, 8), header, new Uint8Array(Math.min(end, 65536)));
}

const extra = (next) => (next(6) === 0 ? `,"more":${value(next, 0)}` : '');

function value(next, depth) {
  if (next(30) === 0) return '['.repeat(1 + next(4000)) + pick(next, '', ']'.repeat(next(4000)));
  const kind = depth > 6 ? 0 : next(4);
  if (kind === 1) return `[${several(next, () => value(next, depth + 1), 5)}]`;
  if (kind === 2) {
    const entries = several(next, () => `${JSON.stringify(name(next))}:${value(next, depth + 1)}`, 5);
    return `{${entries}}`;
  }
  return pick(next, '1', '"a"', 'null', '-1e999', '"\\u0061"', JSON.stringify(name(next)));
}
