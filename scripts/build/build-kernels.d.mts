export function kernelFingerprint(): string;
export function buildKernels(): Promise<void>;
