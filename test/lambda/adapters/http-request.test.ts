import { describe, expect, it } from 'vitest';
import { requestIn } from '../../../lambda/adapters/http-request.ts';
import { httpEvent } from '../http-event.ts';

const SENT = { path: '/v1/traces', body: 'x', headers: { 'content-type': 'application/json' } };
const event = httpEvent(SENT);
const { requestContext } = event;
const http = (over: object) => ({
  ...event,
  requestContext: { ...requestContext, http: { ...requestContext.http, ...over } },
});

describe('an event of an HTTP API', () => {
  it('is read as far as anything of it is looked at', () => {
    const headers = {
      authorization: 'Bearer t',
      api_key: 't',
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
      cookie: 'a=b',
    };
    expect(requestIn(httpEvent({ ...SENT, headers, method: 'PUT' }))).toEqual({
      id: expect.stringMatching(/^JKJaXmPLvHcE\d+=$/),
      address: '198.51.100.7',
      method: 'PUT',
      path: '/v1/traces',
      authorization: 'Bearer t',
      apiKey: 't',
      contentType: 'application/x-protobuf',
      contentEncoding: 'gzip',
      body: 'eA==',
      isBase64Encoded: true,
    });
  });

  it('may have no body and none of the headers', () => {
    const read = requestIn(httpEvent({ path: '/', method: 'GET' }));
    expect(read).toMatchObject({ method: 'GET', isBase64Encoded: false });
    expect(read?.body).toBeUndefined();
    expect(read?.authorization).toBeUndefined();
  });

  it.each([
    ['nothing', undefined],
    ['a message of a queue', { Records: [] }],
    ['payload format 1.0', { ...event, version: '1.0' }],
    ['no address', http({ sourceIp: 'somewhere' })],
    ['no method', http({ method: '' })],
    ['a path without end', { ...event, rawPath: 'x'.repeat(10_241) }],
    ['a header without end', { ...event, headers: { authorization: 'x'.repeat(10_241) } }],
    ['a header that is no text', { ...event, headers: { api_key: 7 } }],
    ['a body that is no text', { ...event, body: {} }],
    ['no word of base64', { ...event, isBase64Encoded: undefined }],
    [
      'an id that is none',
      { ...event, requestContext: { ...requestContext, requestId: 'two words' } },
    ],
  ])('is none if it is or has %s', (_, wrong) => {
    expect(requestIn(wrong)).toBeUndefined();
  });
});
