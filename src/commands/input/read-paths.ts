import type { CommandContext } from './context.js';

/** Returns the positional paths; `-` stands for paths on standard input, one a line. */
export async function readPaths(paths: readonly string[], stdin: CommandContext['stdin']): Promise<string[]> {
  const out: string[] = [];
  for (const path of paths) {
    if (path !== '-') out.push(path);
    else for (const line of (await readAll(stdin)).split(/\r?\n/)) if (line !== '') out.push(line);
  }
  return out;
}

/** Reads all of standard input as UTF-8. */
export async function readAll(stdin: CommandContext['stdin']): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stdin) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
