import type { FunctionNoun } from './contract.ts';
import { KeysError } from './domain/errors.ts';
import { createLog, type Log, type Metadata } from './log.ts';
import { createRuntime, type Runtime } from './runtime.ts';

export type Work<Result> = (runtime: Runtime, event: unknown, log: Log) => Promise<Result>;

/**
 * The one wrapper of all handlers: builds the runtime once, times the work, logs the end of it, and
 * lets out only errors that are safe to print, since Lambda logs and returns what is thrown.
 */
export function worker<Result>(noun: FunctionNoun, work: Work<Result>, build = createRuntime) {
  const log = createLog(`amplitude-${noun}`);
  let runtime: Runtime | undefined;
  return async (event: unknown, context?: { awsRequestId: string }): Promise<Result> => {
    const started = performance.now();
    const duration = () => ({ duration_ms: Math.round(performance.now() - started) });
    log.invocation(context?.awsRequestId);
    try {
      runtime ??= build();
      const result = await work(runtime, event, log);
      log.info('Done', duration());
      return result;
    } catch (error) {
      const safe = printable(error);
      log.error(safe.message, { ...describe(safe), ...duration() });
      throw safe;
    }
  };
}

/** Without cause and stack: a cause's message may quote a request, a stack repeats the message. */
function printable(error: unknown): KeysError {
  const safe =
    error instanceof KeysError
      ? new KeysError(error.code, error.message, error.fields)
      : new KeysError('UNEXPECTED', unexpected(error));
  safe.stack = `${safe.code}: ${safe.message}`;
  return safe;
}

/** Only the place in the bundle: a message may quote anything, and a stack begins with it. */
function unexpected(error: unknown): string {
  const { name = typeof error, stack = '' } = error instanceof Error ? error : {};
  const place = /:(\d+:\d+)\)?$/m.exec(stack)?.[1] ?? 'an unknown place';
  return `A fault of this worker: ${name} at ${place} of the bundle. Please report it with this line.`;
}

function describe({ code, fields }: KeysError): Metadata {
  const { environment, key, fingerprint, versionId, call, httpStatus, awsError, requestId } =
    fields;
  const metadata = {
    code,
    environment,
    key,
    fingerprint,
    version: versionId,
    call,
    http_status: httpStatus,
    aws_error: awsError,
    request_id: requestId,
  };
  const given = Object.entries(metadata).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Metadata;
}
