import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { requestIn } from '../../../../lambda/adapters/http-request.ts';
import { spansIn } from '../../../../lambda/adapters/otlp.ts';
import { MOST_BYTES, readBody } from '../../../../lambda/adapters/request-body.ts';
import { relayPath } from '../../../../lambda/contract.ts';
import { executionsIn } from '../../../../lambda/domain/relay/intake/execution.ts';
import { formOf } from '../../../../lambda/domain/relay/intake/form.ts';
import { readPosted } from '../../../../lambda/domain/relay/intake/posted.ts';
import {
  type CodedBody,
  routeAt,
  tokensIn,
} from '../../../../lambda/domain/relay/intake/request.ts';
import { shapeExecution } from '../../../../lambda/domain/relay/intake/shape.ts';
import type { RelayEvent } from '../../../../lambda/domain/relay/relay-event.ts';
import { apiCheck, chatMessage, workflowRun } from '../../../dify.ts';
import { durableRun, unifiedRun } from '../../../dify-next.ts';
import { shaping } from '../../../lambda/domain/relay/intake/shaping.ts';
import { httpEvent } from '../../../lambda/http-event.ts';
import { otlpRequest } from '../../../otlp-requests.ts';
import { wornBytes } from '../byte-edits.ts';
import { ofJson, ofValue } from '../inputs.ts';
import type { Family, Parser } from '../parser.ts';
import { KEY_LIKE } from '../words.ts';
import { otlpFamilies } from './otlp-families.ts';

const LIMITS = {
  limit: MOST_BYTES.decompressed,
  // 20 MiB of what is nothing: a request has 30 s
  boundMs: 5_000,
  climbs: { short: 3, long: 40 },
  runs: { short: 300, long: 10_000 },
} as const;

const TRACES = [workflowRun, chatMessage, apiCheck, unifiedRun, durableRun] as const;
/** The ids of a trace are random: made once, they are the same for every input. */
const MADE = TRACES.map((make) => make());

const eventsOf = (form: 'protobuf' | 'json', body: Uint8Array) =>
  executionsIn(spansIn(form, body)).executions.map((one) => shapeExecution(one, shaping()));

/** What Amplitude takes, and no more of it than the few short fields that there are. */
function fault(result: unknown): string | undefined {
  const wrong = (result as readonly RelayEvent[]).find(({ event, awaits }) => {
    const who = event.user_id ?? event.device_id ?? '';
    const isWhole = who !== '' && event.insert_id !== '' && Number.isSafeInteger(event.time);
    return !isWhole || JSON.stringify([event, awaits]).length > 4_096;
  });
  return wrong && 'an event is not as Amplitude takes it';
}

export const otlpProtobuf: Parser<Uint8Array> = {
  ...LIMITS,
  name: 'OTLP in protobuf',
  inputs: fc.oneof(
    {
      weight: 5,
      arbitrary: wornBytes(fc.constantFrom(...MADE.map((one) => otlpRequest('protobuf', one)))),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }) },
  ),
  families: otlpFamilies,
  parse: (body) => eventsOf('protobuf', body),
  fault,
};

/** What is JSON, or should be, as it comes. */
function inBytes(
  valid: readonly unknown[],
  rest: Omit<Parser<Uint8Array>, 'inputs' | 'families'>,
): Parser<Uint8Array> {
  const { inputs, families } = ofJson(valid, { ...LIMITS, name: rest.name, parse: () => {} });
  return {
    ...rest,
    inputs: inputs.map((text) => Buffer.from(text)),
    families: families.map(({ name, of }) => ({ name, of: (size) => Buffer.from(of(size)) })),
  };
}

const jsonOf = (body: Uint8Array): unknown => JSON.parse(Buffer.from(body).toString());

export const otlpJson = inBytes(
  MADE.map((one) => jsonOf(otlpRequest('json', one))),
  { ...LIMITS, name: 'OTLP in JSON', parse: (body) => eventsOf('json', body), fault },
);
const view = { event_type: 'page_viewed', user_id: 'user-0001', event_properties: { page: '/' } };

export const postedEvents = inBytes(
  [
    { events: [view, { ...view, device_id: 'device-1', time: 1, insert_id: 'click-1' }] },
    { api_key: KEY_LIKE, events: [view] },
    { events: [{ ...view, user_id: KEY_LIKE, event_type: KEY_LIKE, time: KEY_LIKE }] },
  ],
  {
    ...LIMITS,
    name: 'events that programs post',
    parse(body) {
      const { events, refused } = readPosted(body, 'request-1', shaping());
      return { events, refused };
    },
    fault: (result) => fault((result as { events: readonly RelayEvent[] }).events),
    told: (result) => JSON.stringify((result as { refused: unknown }).refused),
  },
);

const CODINGS = ['gzip', 'GZIP', undefined, '', 'identity', 'br', 'gzip, gzip', 'x'.repeat(5_000)];
const coded = (bytes: Uint8Array, contentEncoding: string | undefined): CodedBody => ({
  body: Buffer.from(bytes).toString('base64'),
  isBase64Encoded: true,
  contentEncoding,
});
const compressed = MADE.map((one) => gzipSync(otlpRequest('protobuf', one)));

/** A mebibyte of zeros is a kibibyte of gzip, and it may be there many times over. */
const BOMBS: readonly Family<CodedBody>[] = [
  { name: 'a bomb of one stream', of: (size) => coded(gzipSync(Buffer.alloc(size * 100)), 'gzip') },
  {
    name: 'a bomb of many streams',
    of: (size) => {
      const one = gzipSync(Buffer.alloc(2 ** 20));
      return coded(Buffer.concat(Array(Math.ceil(size / one.length)).fill(one)), 'gzip');
    },
  },
  { name: 'many empty streams', of: (size) => coded(Buffer.alloc(size, gzipSync('')), 'gzip') },
  { name: 'bytes that are no gzip', of: (size) => coded(Buffer.alloc(size, 0x1f), 'gzip') },
  { name: 'no base64', of: (size) => ({ ...coded(Buffer.alloc(0), ''), body: '='.repeat(size) }) },
];

export const codedBodies: Parser<CodedBody> = {
  ...LIMITS,
  limit: MOST_BYTES.sent,
  name: 'bodies of requests',
  inputs: fc.oneof(
    fc
      .tuple(wornBytes(fc.constantFrom(...compressed)), fc.constantFrom(...CODINGS))
      .map(([bytes, coding]) => coded(bytes, coding)),
    fc.record({
      body: fc.string({ unit: 'binary', maxLength: 200 }),
      isBase64Encoded: fc.boolean(),
      contentEncoding: fc.constantFrom(...CODINGS),
    }),
  ),
  families: fc.constantFrom(...BOMBS),
  parse: async (body) => eventsOf('protobuf', await readBody(body)),
  fault,
};

const SENT = { path: relayPath.traces, body: 'x' };

export const httpRequests: Parser = ofValue(
  [
    httpEvent({ ...SENT, headers: { authorization: 'Bearer t', 'content-type': 'text/plain' } }),
    httpEvent({ ...SENT, headers: { api_key: KEY_LIKE, 'content-encoding': 'gzip' } }),
    httpEvent({ path: '/', method: 'GET' }),
  ],
  {
    name: 'requests of an HTTP API',
    // Of a payload of Lambda's
    limit: 6 * 2 ** 20,
    parse(event) {
      const request = requestIn(event);
      return request && [tokensIn(request), routeAt(request.path), formOf(request.contentType)];
    },
  },
);
