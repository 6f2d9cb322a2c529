import type { Spans } from '../domain/relay/span.ts';
import type { OtlpForm } from './otlp-answer.ts';
import { spansInJson } from './otlp-json.ts';
import { spansInProtobuf } from './otlp-protobuf.ts';

/**
 * The spans of a request of OTLP/HTTP; an empty body holds none.
 * @throws KeysError OTLP_UNREADABLE
 */
export const spansIn = (form: OtlpForm, body: Uint8Array): Spans =>
  form === 'json' ? spansInJson(body) : spansInProtobuf(body);
