import { formOf } from '../domain/relay/intake/form.ts';
import type { Refusal } from '../domain/relay/intake/refusal.ts';
import { type HttpRequest, METHOD, routeAt } from '../domain/relay/intake/request.ts';
import type { Taken } from '../domain/relay/intake/take.ts';
import {
  exportAnswer,
  failureAnswer,
  type OtlpAnswer,
  type RpcCode,
  rpcCode,
} from './otlp-answer.ts';

/** As API Gateway takes it of a function, payload format 2.0. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

type Asked = Pick<HttpRequest, 'path' | 'contentType'>;

/** To what was taken, in the form of the request. */
export function takenAnswer(asked: Asked, { events, rejected, scrubbed }: Taken, now: Date) {
  if (routeAt(asked.path) === 'events') {
    // As Amplitude answers, and how many fields of the events were left out
    const told = { code: 200, events_ingested: events, server_upload_time: now.getTime() };
    return answer(200, json({ ...told, fields_left_out: scrubbed }));
  }
  const partial = {
    rejectedSpans: rejected,
    errorMessage: `Spans without a usable id of their own or of their trace were left out: ${rejected}.`,
  };
  return answer(
    200,
    exportAnswer(formOf(asked.contentType) ?? 'json', rejected > 0 ? partial : undefined),
  );
}

/** To what was not, likewise. */
export function refusedAnswer(asked: Asked, { status, message }: Refusal): HttpAnswer {
  const body =
    routeAt(asked.path) === 'events'
      ? json({ code: status, error: message })
      : failureAnswer(formOf(asked.contentType) ?? 'json', rpcCodeOf(status), message);
  return answer(status, body, MORE_HEADERS[status]);
}

const MORE_HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'www-authenticate': 'Bearer' },
  405: { allow: METHOD },
  503: { 'retry-after': '5' },
};

const RPC_CODES: Readonly<Record<number, RpcCode>> = {
  401: rpcCode.unauthenticated,
  403: rpcCode.permissionDenied,
  404: rpcCode.notFound,
  405: rpcCode.unimplemented,
  413: rpcCode.resourceExhausted,
  500: rpcCode.internal,
  503: rpcCode.unavailable,
};
const rpcCodeOf = (status: number) => RPC_CODES[status] ?? rpcCode.invalidArgument;

const json = (said: object): OtlpAnswer => ({
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify(said)),
});

function answer(statusCode: number, { contentType, body }: OtlpAnswer, more = {}): HttpAnswer {
  const isBase64Encoded = contentType !== 'application/json';
  return {
    statusCode,
    headers: { 'content-type': contentType, ...more },
    body: Buffer.from(body).toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
}
