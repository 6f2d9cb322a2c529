import { describe, expect, it } from 'vitest';
import { spansInJson } from '../../../lambda/adapters/otlp-json.ts';
import { KeysError } from '../../../lambda/domain/errors.ts';
import { MOST_SPANS } from '../../../lambda/domain/relay/intake/span.ts';

const WANTED = new Set(['a', 'b']);
const read = (body: unknown, wanted: ReadonlySet<string> = WANTED) =>
  spansInJson(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), wanted);
const request = (...spans: unknown[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
const ids = { traceId: 'AB'.repeat(16), spanId: 'cd'.repeat(8) };
const one = (span: object) => read(request({ ...ids, ...span })).spans[0];

function fault(body: unknown): string {
  try {
    read(body);
  } catch (error) {
    if (error instanceof KeysError && error.code === 'OTLP_UNREADABLE') return error.message;
  }
  throw new Error('it was read');
}

describe('OTLP in JSON', () => {
  it('may leave out whatever is empty, and have fields of later versions', () => {
    expect(read({})).toEqual({ spans: [], rejected: 0, scrubbed: 0 });
    expect(read({ resourceSpans: null, later: {} }).spans).toEqual([]);
    expect(one({ later: 1 })).toEqual({
      traceId: 'ab'.repeat(16),
      spanId: 'cd'.repeat(8),
      name: '',
      startMs: 0,
      endMs: 0,
      status: 'unset',
      attributes: new Map(),
    });
  });

  it.each([
    ['1795521602500000000', 1_795_521_602_500],
    [1_795_521_602_500_000_000, 1_795_521_602_500],
    ['499999', 0],
    ['soon', 0],
    [-1, 0],
    [null, 0],
    ['99999999999999999999', 100_000_000_000_000],
  ])('has a time of nanoseconds: %j', (endTimeUnixNano, endMs) => {
    expect(one({ endTimeUnixNano })).toMatchObject({ endMs });
  });

  it.each([
    [{ code: 1 }, 'ok'],
    [{ code: 'STATUS_CODE_ERROR', message: 'What went wrong' }, 'error'],
    [{ code: 7 }, 'unset'],
    [{}, 'unset'],
    [null, 'unset'],
  ])('has a status by number or name: %j', (status, expected) => {
    expect(one({ status })).toMatchObject({ status: expected });
  });

  it('reads texts and numbers, and no list, map, bytes, or number that is none', () => {
    const values = [
      { arrayValue: { values: [] } },
      { kvlistValue: { values: [] } },
      { bytesValue: 'QQ==' },
      { doubleValue: 'NaN' },
      { intValue: '1e9' },
      {},
      null,
    ];
    const attributes = values.map((value) => ({ key: 'a', value }));
    const others = [{ key: 'c', value: { stringValue: 'x' } }, { value: { stringValue: 'x' } }];
    expect(read(request({ ...ids, attributes: [...attributes, ...others] }))).toMatchObject({
      spans: [{ attributes: new Map() }],
      scrubbed: 9,
    });
    const int = { key: 'a', value: { intValue: '-7' } };
    const double = { key: 'b', value: { doubleValue: 0.5 } };
    const read2 = one({ attributes: [int, double] });
    expect(read2?.attributes).toEqual(
      new Map([
        ['a', -7],
        ['b', 0.5],
      ]),
    );
  });

  it('rejects spans without ids of their own, and reads the others', () => {
    const idless = [
      {},
      { ...ids, spanId: '' },
      { ...ids, traceId: '0'.repeat(32) },
      { ...ids, traceId: 'q80='.repeat(8) },
      { ...ids, spanId: 7 },
    ];
    expect(read(request(...idless, ids))).toMatchObject({ rejected: 5, spans: [{ name: '' }] });
  });

  it('reads as many spans as the limit, and no more', () => {
    const attributes = Array(25).fill({ key: 'a', value: { intValue: 1 } });
    const spans = Array(MOST_SPANS).fill({ ...ids, attributes });
    expect(read(request(...spans)).spans).toHaveLength(MOST_SPANS);
    expect(fault(request(...Array(MOST_SPANS + 1).fill(ids)))).toContain('spans');
  });

  it.each([
    ['no JSON', 'What do I earn?', 'no JSON'],
    ['nested too deeply', '['.repeat(100), 'too deep'],
    ['too many values', Array(1_000_000).fill(1), 'too many values'],
    ['a list', [], 'where an object belongs'],
    ['a text where a list belongs', { resourceSpans: 'x' }, 'where a list belongs'],
    ['events', { events: [{}] }, 'If it holds events, send it to /v1/events'],
    ['metrics', { resourceMetrics: [] }, 'it has no resourceSpans'],
    ['a text where a span belongs', request('What do I earn?'), 'where an object belongs'],
    ['a status that is a number', request({ ...ids, status: 2 }), 'where an object belongs'],
    ['attributes that are an object', request({ ...ids, attributes: {} }), 'where a list belongs'],
    [
      'a wanted value that is a text',
      request({ ...ids, attributes: [{ key: 'a', value: 'x' }] }),
      'where an object belongs',
    ],
  ])('is refused with %s', (_, body, reason) => {
    expect(fault(body)).toContain(reason);
    expect(fault(body)).not.toContain('earn');
  });
});
