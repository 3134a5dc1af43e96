/** The name of a zip's first member, as far as the first 64 bytes show it; null for what is no zip. */
export function firstMember(head: Uint8Array): string | null {
  if (head[0] !== 0x50 || head[1] !== 0x4b || head[2] !== 3 || head[3] !== 4) return null;
  const length = (head[26] ?? 0) + 256 * (head[27] ?? 0);
  return String.fromCharCode(...head.subarray(30, 30 + length));
}

/** What `torch.save` puts into its archives, and nothing else does. */
export function isTorchMember(name: string): boolean {
  return /\/(data\.pkl|\.format_version|\.data\/|byteorder|version)/.test(name);
}
