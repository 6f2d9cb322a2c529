import { KeysError } from '../domain/errors.ts';
import { MOST_SPANS } from '../domain/relay/intake/span.ts';

/** @param what is wrong, in words of ours: nothing of the content */
export const otlpUnreadable = (what: string, cause?: unknown) =>
  new KeysError(
    'OTLP_UNREADABLE',
    `The body is no OTLP request for traces: ${what}. Send an ExportTraceServiceRequest whose form is that of the Content-Type.`,
    {},
    cause,
  );

export const tooManySpans = () =>
  otlpUnreadable(`it holds more than ${MOST_SPANS} spans. Send them in several requests`);
