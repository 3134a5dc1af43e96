/** The process as a command sees it; `main` passes the real one, tests their own. */
export interface CommandContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly version: string;
  /** Takes the signals of the process over until the returned function is called; absent where there is no process. */
  readonly onInterrupt?: (listener: (signal: 'SIGINT' | 'SIGTERM') => void) => () => void;
  /** The built thread that measures steps; without it, all are measured in this one. */
  readonly measureWorker?: URL | undefined;
}

export interface OutputStream {
  write(chunk: string | Uint8Array): boolean;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  on?(event: 'error', listener: (error: Error) => void): unknown;
}
