import type { Form } from '../domain/relay/intake/form.ts';
import type { Spans } from '../domain/relay/intake/span.ts';
import { spansInJson } from './otlp-json.ts';
import { spansInProtobuf } from './otlp-protobuf.ts';

/**
 * The spans of a request of OTLP/HTTP; an empty body holds none.
 * @throws KeysError OTLP_UNREADABLE
 */
export const spansIn = (form: Form, body: Uint8Array): Spans =>
  form === 'json' ? spansInJson(body) : spansInProtobuf(body);
