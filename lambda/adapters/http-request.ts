import * as z from 'zod/mini';
import type { HttpRequest } from '../domain/relay/intake/request.ts';

/** API Gateway takes headers of 10,240 bytes in all; the body is bounded where it is read. */
const MOST_HEADER = 10_240;
const word = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
const header = z.optional(z.string().check(z.maxLength(MOST_HEADER)));

const schema = z.object({
  version: z.literal('2.0'),
  rawPath: z.string().check(z.maxLength(MOST_HEADER)),
  headers: z.object({
    authorization: header,
    api_key: header,
    'content-type': header,
    'content-encoding': header,
  }),
  requestContext: z.object({
    requestId: z.string().check(z.regex(/^[\w=+/-]{1,100}$/)),
    http: z.object({
      method: word(32),
      sourceIp: z.string().check(z.regex(/^[\da-fA-F.:]{2,45}$/)),
    }),
  }),
  body: z.optional(z.string()),
  isBase64Encoded: z.boolean(),
});

/**
 * An event of an HTTP API, payload format 2.0: names of headers are in lower case, one that comes twice
 * is joined by commas. Undefined of what is none.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function requestIn(event: unknown): HttpRequest | undefined {
  const { data } = schema.safeParse(event);
  if (!data) return undefined;
  const { rawPath, headers, requestContext, body, isBase64Encoded } = data;
  const { requestId, http } = requestContext;
  return {
    id: requestId,
    address: http.sourceIp,
    method: http.method,
    path: rawPath,
    authorization: headers.authorization,
    apiKey: headers.api_key,
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    body,
    isBase64Encoded,
  };
}
