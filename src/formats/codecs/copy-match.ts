/** Below this a loop beats the engine's bulk copies. */
export const SHORT_COPY = 24;

/** Copies what lies `to - start` bytes back; where the two overlap, the bytes between them are repeated. */
export function copyMatch(out: Uint8Array, start: number, to: number, length: number): void {
  if (length < SHORT_COPY) {
    for (let i = 0; i < length; i++) out[to + i] = out[start + i] as number;
    return;
  }
  const period = to - start;
  if (period === 1) {
    out.fill(out[start] as number, to, to + length);
    return;
  }
  // What has been copied can be copied again: the run that is known doubles each time.
  for (let done = 0; done < length; ) {
    const part = Math.min(length - done, period + done);
    out.copyWithin(to + done, start, start + part);
    done += part;
  }
}
