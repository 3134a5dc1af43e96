import { CollapseError, InputError, UsageError } from '#errors.js';
import type { MemoryFile } from '#measure/memory-io.js';
import type { FlagValues } from '#options/flags.js';
import { DEFAULT_MAX_MEMORY } from '#options/plan/measure-plan.js';
import { toReportError } from '#report/report-error.js';
import type { Report } from '#report/types.js';
import { jsonText } from '#reporters/machine/json-text.js';
import type { CommandContext } from '../input/context.js';
import { showWarnings } from '../input/plan-for.js';
import { memoryFile } from '../input/read-paths.js';
import { settingsFor } from '../input/settings.js';
import { errorReport } from '../output/error-document.js';
import { CheckServer } from './check-server.js';
import { MessageReader } from './message-reader.js';
import { parseLine, parseRequest } from './request.js';

const MOST_LINE_BYTES = 2 ** 20;

/**
 * Answers requests on standard input, one report a line, until its end; returns 0 then, and 2 or 3 where it came in the
 * middle of a request or a line was none.
 */
export async function serve(
  _paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<number> {
  const settings = await settingsFor('serve', given, context);
  const { flags } = settings;
  await showWarnings(settings.warnings, flags, context);
  const server = new CheckServer(settings, context);
  // Flags that contradict each other, and a reference that cannot be read, are refused before the first request.
  await server.planOf(flags, ['.']);
  const reader = new MessageReader(context.stdin);
  const maxMemory = flags.maxMemory ?? DEFAULT_MAX_MEMORY;
  for (;;) {
    const line = await reader.line(MOST_LINE_BYTES);
    if (line === null) return 0;
    if (line !== 'too long' && line.text.trim() === '') continue;
    let id: unknown = null;
    const answer = (report: Report) => context.stdout.write(`${jsonText({ id, report })}\n`);
    let value: Readonly<Record<string, unknown>>;
    try {
      if (line === 'too long') {
        throw new UsageError('E105', `the line has more than ${MOST_LINE_BYTES} bytes`);
      }
      value = parseLine(line.text);
    } catch (error) {
      answer(reportOf(error, context));
      return 2;
    }
    id = value.id ?? null;
    try {
      const frame = await frameOf(value.bytes as number | undefined, reader, maxMemory);
      answer(await server.check(parseRequest(value), frame));
    } catch (error) {
      answer(reportOf(error, context));
      if (error instanceof InputError && error.fields.isEnd === true) return 3;
    }
  }
}

/** Reads the array file that follows a line; one that is too large is passed over and refused. */
async function frameOf(
  bytes: number | undefined,
  reader: MessageReader,
  maxMemory: number,
): Promise<MemoryFile | null> {
  if (bytes === undefined) return null;
  if (bytes > maxMemory) {
    if (!(await reader.skip(bytes))) throw cut(bytes);
    throw new InputError('E220', `${bytes} bytes follow, more than the budget of ${maxMemory}`, {
      fields: { bytes, maxMemory },
    });
  }
  const frame = await reader.bytes(bytes);
  if (frame === null) throw cut(bytes);
  return memoryFile('request', frame);
}

function cut(bytes: number): InputError {
  return new InputError('E203', `standard input ended before the ${bytes} bytes that were announced`, {
    fields: { isEnd: true },
  });
}

function reportOf(error: unknown, { version }: CommandContext): Report {
  const known = error instanceof CollapseError ? toReportError(error) : null;
  const message = error instanceof Error ? error.message : String(error);
  return errorReport(known ?? { code: 'E901', message }, version);
}
