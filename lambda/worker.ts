import type { FunctionNoun } from './contract.ts';
import { asKeysError, type ErrorFields, KeysError } from './domain/errors.ts';
import { keyless } from './domain/keyless.ts';
import { createLog, type Log, type Metadata } from './log.ts';

export type Work<Runtime, Result> = (runtime: Runtime, event: unknown, log: Log) => Promise<Result>;

/**
 * The one wrapper of all handlers: builds the runtime once, times the work, logs the end of it, and
 * lets out only errors that are safe to print, since Lambda logs and returns what is thrown.
 */
export function worker<Runtime, Result>(
  noun: FunctionNoun,
  work: Work<Runtime, Result>,
  build: () => Runtime,
) {
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
      log.error(safe.message, { ...describeError(safe), ...duration() });
      throw safe;
    }
  };
}

/**
 * Without cause and stack: a cause's message may quote a request, a stack repeats the message. What
 * was invoked with a key in it by hand may have its way into a message of ours.
 */
function printable(error: unknown): KeysError {
  const known = asKeysError(error);
  const { code } = known;
  const message = keyless(known.message);
  const safe = new KeysError(code, message, keylessFields(known.fields));
  safe.stack = `${code}: ${message}`;
  return safe;
}

const keylessFields = (fields: ErrorFields): ErrorFields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? keyless(value) : value,
    ]),
  );

/** What of an error a log line tells. */
export function describeError({ code, fields }: KeysError): Metadata {
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
