import { PbfWriter } from 'pbf';
import type { Form } from '../domain/relay/intake/form.ts';

const TYPES: Readonly<Record<Form, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

export interface OtlpAnswer {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Spans that will never be taken: their sender must not send them again. */
export interface PartialSuccess {
  readonly rejectedSpans: number;
  readonly errorMessage: string;
}

/**
 * ExportTraceServiceResponse: of a full success an empty message.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
export function exportAnswer(form: Form, partial?: PartialSuccess): OtlpAnswer {
  if (form === 'json') {
    // A 64-bit integer is a string in JSON
    const rejectedSpans = String(partial?.rejectedSpans);
    return jsonAnswer(partial ? { partialSuccess: { ...partial, rejectedSpans } } : {});
  }
  const writer = new PbfWriter();
  if (partial) {
    writer.writeMessage(
      1,
      (message: PartialSuccess, inner) => {
        inner.writeVarintField(1, message.rejectedSpans);
        inner.writeStringField(2, message.errorMessage);
      },
      partial,
    );
  }
  return { contentType: TYPES.protobuf, body: writer.finish() };
}

/** Codes of google.rpc.Code that the intake has use for. */
export const rpcCode = {
  invalidArgument: 3,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;
export type RpcCode = (typeof rpcCode)[keyof typeof rpcCode];

/**
 * google.rpc.Status, by which OTLP/HTTP tells of every 4xx and 5xx.
 * https://opentelemetry.io/docs/specs/otlp/#failures
 */
export function failureAnswer(form: Form, code: RpcCode, message: string): OtlpAnswer {
  if (form === 'json') return jsonAnswer({ code, message });
  const writer = new PbfWriter();
  writer.writeVarintField(1, code);
  writer.writeStringField(2, message);
  return { contentType: TYPES.protobuf, body: writer.finish() };
}

const jsonAnswer = (said: object): OtlpAnswer => ({
  contentType: TYPES.json,
  body: Buffer.from(JSON.stringify(said)),
});
