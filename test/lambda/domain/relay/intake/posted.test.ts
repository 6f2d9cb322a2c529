import { describe, expect, it } from 'vitest';
import { KeysError } from '../../../../../lambda/domain/errors.ts';
import { readPosted } from '../../../../../lambda/domain/relay/intake/posted.ts';
import { digest, RECEIVED, shaping } from './shaping.ts';

const bytes = (body: unknown) => Buffer.from(JSON.stringify(body));
const posted = (...events: unknown[]) => readPosted(bytes({ events }), 'request-1', shaping());
const view = { event_type: 'page_viewed', user_id: 'user-0001' };
const NO_NAME =
  'event_type is not a name of 1 to 256 characters, without an e-mail address or another @, markup, braces, backslashes or line breaks';
const A_QUERY = 'event_type has a ? or # as URLs have before what may be private: send it without';
const AN_ID = 'an id of 1 to 128 letters, digits, dots, colons, underscores and hyphens';
const refusal = (event: unknown) => posted(event).refused[0]?.reason;

function refused(body: Uint8Array): KeysError {
  try {
    readPosted(body, 'request-1', shaping());
  } catch (error) {
    if (error instanceof KeysError) return error;
  }
  throw new Error('it was read');
}

describe("a body in the form of Amplitude's HTTP V2 API", () => {
  it('gives events of the fields and properties that are let through', () => {
    const event = {
      ...view,
      device_id: 'device-1',
      time: 1_795_521_600_000,
      insert_id: 'click-1',
      ip: '203.0.113.9',
      user_properties: { name: 'Ada' },
      event_properties: { page: '/pricing', position: 3, is_first: true, query: 'Ada', list: [] },
    };
    expect(posted(event)).toEqual({
      events: [
        {
          event: {
            event_type: 'page_viewed',
            user_id: 'user-0001',
            device_id: 'device-1',
            time: 1_795_521_600_000,
            insert_id: 'click-1',
            event_properties: { page: '/pricing', position: 3, is_first: true },
          },
          receivedAt: RECEIVED.toISOString(),
        },
      ],
      refused: [],
      scrubbed: 4,
    });
  });

  it('leaves out of a property that is let through what looks like no name or number', () => {
    const pages = ['/mail/ada@example.com', 'two\nlines', { a: 1 }, null, 'x'.repeat(300)];
    for (const page of pages) {
      const { events, scrubbed } = posted({ ...view, event_properties: { page } });
      expect(events[0]?.event.event_properties).toEqual({});
      expect(scrubbed).toBe(1);
    }
  });

  it('gives a property without what was asked for in it, or leaves it out where nothing is left', () => {
    const pages = ['localhost:3000/s?q=ada', `/search?q=${'ada'.repeat(100)}`, '?q=ada', ' #/ada'];
    const told = posted(...pages.map((page) => ({ ...view, event_properties: { page } })));
    const properties = told.events.map(({ event }) => event.event_properties);
    expect(properties).toEqual([{ page: 'localhost:3000/s' }, { page: '/search' }, {}, {}]);
    expect(told.scrubbed).toBe(2);
  });

  it('gives an event an insert_id of its own, and the time at which it came', () => {
    const { events } = posted(view, view);
    expect(events.map(({ event }) => event.insert_id)).toEqual(['request-1-0', 'request-1-1']);
    expect(events[0]?.event.time).toBe(RECEIVED.getTime());
  });

  it('gives an event that says when it was the same insert_id whenever it comes again', () => {
    const dated = { ...view, time: 1_795_521_600_000 };
    const body = bytes({ events: [dated, dated, view] });
    const idsIn = (request: string, text = body) =>
      readPosted(text, request, shaping()).events.map(({ event }) => event.insert_id);
    const [first, second, third] = idsIn('request-1');
    expect([first, second]).toEqual([0, 1].map((at) => `${digest(body.toString())}-${at}`));
    expect(idsIn('request-2')).toEqual([first, second, 'request-2-2']);
    expect(third).toBe('request-1-2');
    expect(idsIn('request-1', bytes({ events: [dated, view] }))).not.toContain(first);
  });

  it('is of a digest of an address, and of its device beside whoever is nobody', () => {
    expect(posted({ ...view, user_id: 'ada@example.com' }).events).toMatchObject([
      { event: { user_id: digest('ada@example.com') } },
    ]);
    const { events } = posted({ ...view, user_id: 'unknown', device_id: 'device-1' });
    expect(events).toMatchObject([{ event: { device_id: 'device-1' } }]);
    expect(events[0]?.event).not.toHaveProperty('user_id');
    expect(posted({ ...view, user_id: 'unknown' }).events).toMatchObject([
      { event: { device_id: 'relay-request-1-0' } },
    ]);
  });

  it('may have ids of one character', () => {
    expect(posted({ ...view, user_id: '7', device_id: 'd' }).events).toMatchObject([
      { event: { user_id: '7', device_id: 'd' } },
    ]);
  });

  it('may have fields that are null, as if they were absent', () => {
    const nothing = { device_id: null, time: null, insert_id: null, event_properties: null };
    expect(posted({ ...view, ...nothing })).toMatchObject({ refused: [], scrubbed: 0 });
  });

  it.each([
    ['it is not an object', 'page_viewed'],
    ['event_type is missing', { user_id: 'user-0001' }],
    [NO_NAME, { ...view, event_type: 'ada@example.com' }],
    [NO_NAME, { ...view, event_type: 7 }],
    [A_QUERY, { ...view, event_type: 'app.example.com/s?q=ada' }],
    [A_QUERY, { ...view, event_type: '/s？ada' }],
    ["event_type is one of Amplitude's own", { ...view, event_type: '$identify' }],
    ["event_type is one of Amplitude's own", { ...view, event_type: '[Amplitude] Page Viewed' }],
    ['user_id and device_id are missing', { event_type: 'page_viewed' }],
    ['user_id and device_id are missing', { event_type: 'page_viewed', user_id: '' }],
    ['user_id is not a string', { ...view, user_id: 7 }],
    [`device_id is not ${AN_ID}`, { ...view, device_id: 'ada@example.com' }],
    ['device_id is one that Amplitude refuses', { ...view, device_id: 'unknown' }],
    ['time is not a whole number of milliseconds since 1970', { ...view, time: '2026-11-24' }],
    ['time is not a whole number of milliseconds since 1970', { ...view, time: 0.5 }],
    ['time is in seconds, and Amplitude takes milliseconds', { ...view, time: 1_795_521_600 }],
    [`insert_id is not ${AN_ID}`, { ...view, insert_id: 'what I clicked' }],
    ['event_properties is not an object', { ...view, event_properties: ['page'] }],
  ])('is refused by event: %s', (reason, event) => {
    expect(posted(view, event)).toMatchObject({ refused: [{ index: 1, reason }] });
    expect(refusal(event)).not.toMatch(/ada|clicked|unknown/);
  });

  it.each(['api_key', 'apiKey', 'API-KEY'])('may hold no key, and none is echoed: %s', (name) => {
    const key = '1f0e9d8c'.repeat(4);
    const error = refused(bytes({ [name]: key, events: [view] }));
    expect(error.code).toBe('API_KEY_POSTED');
    expect(error.message).not.toContain(key);
    expect(error.message).toMatch(/leave the field out, and rotate that key/);
  });

  it('may hold no event with a key in it either', () => {
    const key = '1f0e9d8c'.repeat(4);
    const error = refused(bytes({ events: [view, { ...view, api_key: key }] }));
    expect(error.code).toBe('API_KEY_POSTED');
    expect(error.message).not.toContain(key);
    expect(error.message).toMatch(/^An event holds an API key/);
  });

  it.each([null, ''])('may hold no field for a key, though nothing leaked of %j', (key) => {
    const error = refused(bytes({ api_key: key, events: [view] }));
    expect(error.code).toBe('API_KEY_POSTED');
    expect(error.message).toBe(
      "The body has a field for an API key, which isn't needed: leave the field out.",
    );
    const two = refused(bytes({ api_key: key, apiKey: '1f0e9d8c', events: [view] }));
    expect(two.message).toContain('rotate that key');
  });

  it.each([
    ['no JSON', Buffer.from('{"events":'), 'not a JSON object'],
    ['nothing', Buffer.from(''), 'not a JSON object'],
    ['a list', bytes([view]), 'not a JSON object'],
    ['too many fields', bytes({ events: [], more: Array(300_000).fill(1) }), 'too many fields'],
    ['events that are no list', bytes({ events: view }), 'events is not a list'],
    [
      'too many events',
      bytes({ events: Array(2_001).fill(view) }),
      '2,001 events. Send at most 2,000 at once',
    ],
  ])('is refused whole: %s', (_, body, reason) => {
    const error = refused(body);
    expect(error.code).toBe('EVENTS_UNREADABLE');
    expect(error.message).toContain(reason);
    expect(error.message).not.toContain('user-0001');
  });

  it('may hold as many events as Amplitude takes, and none', () => {
    const properties = Array.from({ length: 90 }, (_, at) => [`property-${at}`, at]);
    const full = { ...view, event_properties: Object.fromEntries(properties) };
    expect(posted(...Array(2_000).fill(full)).events).toHaveLength(2_000);
    expect(posted()).toEqual({ events: [], refused: [], scrubbed: 0 });
  });

  it('changes no object by the names of its fields', () => {
    const body = Buffer.from(
      '{"events":[{"event_type":"a","user_id":"user-0001","__proto__":{"polluted":1},"event_properties":{"__proto__":{"polluted":1}}}]}',
    );
    const { events, scrubbed } = readPosted(body, 'request-1', shaping());
    expect(scrubbed).toBe(2);
    expect(events[0]?.event.event_properties).toEqual({});
    expect({}).not.toHaveProperty('polluted');
  });
});
