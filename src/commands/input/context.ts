/** The process as a command sees it; `main` passes the real one, tests their own. */
export interface CommandContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `fd` where it is one of the process. */
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly fd?: number };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly version: string;
  /** Takes the signals of the process over until the returned function is called; absent where there is no process. */
  readonly onInterrupt?: (listener: (signal: Interrupt) => void) => () => void;
  /** Takes the verdict before it is printed. */
  readonly onVerdict?: (verdict: VerdictText) => void;
  /** Has the engine keep its memory small from now on; absent where others run in it. */
  readonly saveMemory?: () => void;
  /** The built thread that measures steps; without it, all are measured in this one. */
  readonly measureWorker?: URL | undefined;
}

export type Interrupt = 'SIGHUP' | 'SIGINT' | 'SIGTERM';

/** What a report says of itself where it cannot be shown. */
export interface VerdictText {
  readonly status: string;
  readonly exitCode: number;
  readonly exitReason: string;
}

export interface OutputStream {
  write(chunk: string | Uint8Array): boolean;
  /** Writes workflow commands of GitHub, where everything else is kept from being one. */
  writeCommands?(chunk: string | Uint8Array): boolean;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  on?(event: 'error', listener: (error: Error) => void): unknown;
}
