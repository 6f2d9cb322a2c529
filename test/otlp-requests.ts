import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { OtlpForm } from '../lambda/adapters/otlp-answer.ts';

/** What OpenTelemetry's own exporters put into the body of a request. */
export function otlpRequest(form: OtlpForm, spans: readonly ReadableSpan[]): Uint8Array {
  const serializer = form === 'json' ? JsonTraceSerializer : ProtobufTraceSerializer;
  return serializer.serializeRequest([...spans]) ?? new Uint8Array();
}
