/** The first eight bytes: the magic and two of padding. */
export function isArrowFile(head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(0, 6)) === 'ARROW1';
}

/**
 * A stream has no magic: it begins with the length of its first message (before that a marker of four 0xFF since
 * format version 0.15), and that message is a flatbuffer whose header is a schema, type 1, or a tensor.
 */
export function isArrowStream(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const within = (at: number, size: number): boolean => at >= 0 && at + size <= head.length;
  if (!within(0, 4)) return false;
  const root = view.getInt32(0, true) === -1 ? 8 : 4;
  if (!within(root, 4) || view.getInt32(root - 4, true) < 16) return false;
  const table = root + view.getUint32(root, true);
  if (table === root || !within(table, 4)) return false;
  const vtable = table - view.getInt32(table, true);
  if (vtable < root || !within(vtable, 8) || view.getUint16(vtable, true) < 8) return false;
  // Slot 1 of the message's vtable is the kind of header it carries.
  const kind = table + view.getUint16(vtable + 6, true);
  return within(kind, 1) && [1, 4, 5].includes(view.getUint8(kind));
}
