import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Form } from '../lambda/domain/relay/intake/form.ts';

/** What OpenTelemetry's own exporters put into the body of a request. */
export function otlpRequest(form: Form, spans: readonly ReadableSpan[]): Uint8Array {
  const serializer = form === 'json' ? JsonTraceSerializer : ProtobufTraceSerializer;
  return serializer.serializeRequest([...spans]) ?? new Uint8Array();
}
