import {
  InvalidLookupAttributesException,
  InvalidMaxResultsException,
  InvalidNextTokenException,
  InvalidTimeRangeException,
  type LookupEventsRequest,
} from '@aws-sdk/client-cloudtrail';
import type { Clock } from './clock.ts';
import { raise } from './errors.ts';
import type { Ids } from './ids.ts';
import { type Operations, operation } from './operation.ts';
import { page } from './paging.ts';
import type { FakeService } from './pipeline.ts';
import type { Place } from './place.ts';
import {
  type EventSeed,
  type ReadSeed,
  type RecordedEvent,
  readSeed,
  recordedEvent,
} from './recorded-event.ts';

const PAGE = 50;
const KEPT_MS = 90 * 86_400_000;

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
export class FakeCloudTrail implements FakeService {
  readonly name = 'cloudtrail';
  readonly operations: Operations = {
    LookupEvents: operation<LookupEventsRequest, 'LookupAttributes'>(
      ['LookupAttributes'],
      ['StartTime', 'EndTime', 'MaxResults', 'NextToken'],
      (input) => this.#lookUp(input),
    ),
  };
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #place: Place;
  readonly #events: RecordedEvent[] = [];

  constructor(clock: Clock, ids: Ids, place: Place) {
    this.#clock = clock;
    this.#ids = ids;
    this.#place = place;
  }

  /** Somebody's GetSecretValue, as recorded. */
  seedRead(seed: ReadSeed): void {
    this.seedEvent(readSeed(seed));
  }

  /** Any call, as recorded. */
  seedEvent(seed: EventSeed): void {
    const occasion = { id: this.#ids.uuid(), at: this.#clock.now(), place: this.#place };
    this.#events.push(recordedEvent(seed, occasion));
  }

  /** All that was recorded until now, in no order. */
  all(): readonly RecordedEvent[] {
    const now = this.#clock.now();
    return this.#events.filter(({ EventTime }) => EventTime <= now);
  }

  #lookUp(input: LookupEventsRequest) {
    const { MaxResults = PAGE, NextToken, ...query } = input;
    const isWanted = testOf(query);
    if (MaxResults < 1 || MaxResults > PAGE) {
      raise(InvalidMaxResultsException, `MaxResults must be between 1 and ${PAGE}.`);
    }
    const found = this.#within(query).filter(isWanted);
    // A token is good for the same request only
    const request = JSON.stringify({ ...query, MaxResults });
    const { items, NextToken: next } = page(
      found,
      MaxResults,
      opened(NextToken, request),
      badToken,
    );
    return { Events: items, ...(next === undefined ? {} : { NextToken: sealed(next, request) }) };
  }

  /** Newest first, of the last 90 days, both ends of the range included. */
  #within({ StartTime, EndTime }: LookupEventsRequest): RecordedEvent[] {
    if (StartTime && EndTime && StartTime > EndTime) {
      raise(InvalidTimeRangeException, 'The start time must be before the end time.');
    }
    const now = this.#clock.now().getTime();
    const from = Math.max(now - KEPT_MS, StartTime?.getTime() ?? 0);
    const to = Math.min(now, EndTime?.getTime() ?? now);
    return this.#events
      .filter(({ EventTime }) => EventTime.getTime() >= from && EventTime.getTime() <= to)
      .sort((one, other) => other.EventTime.getTime() - one.EventTime.getTime());
  }
}

const VALUES: Partial<Record<string, (event: RecordedEvent) => (string | undefined)[]>> = {
  EventName: ({ EventName }) => [EventName],
  ResourceName: ({ Resources }) => Resources.map(({ ResourceName }) => ResourceName),
};

/** "Currently the list can contain only one item." */
function testOf({ LookupAttributes = [] }: LookupEventsRequest) {
  const [attribute, ...more] = LookupAttributes;
  if (attribute === undefined || more.length > 0) {
    raise(InvalidLookupAttributesException, 'LookupAttributes must contain one attribute.');
  }
  const { AttributeKey: key, AttributeValue: wanted } = attribute;
  const valuesOf = VALUES[key ?? ''];
  if (!valuesOf) throw new Error(`The fake LookupEvents does not know ${key}.`);
  return (event: RecordedEvent) => valuesOf(event).includes(wanted);
}

const sealed = (token: string, request: string) =>
  Buffer.from(JSON.stringify([token, request])).toString('base64');

function opened(token: string | undefined, request: string): string | undefined {
  if (token === undefined) return undefined;
  const inner = /^\["([\w=+/]+)",/.exec(Buffer.from(token, 'base64').toString())?.[1];
  return inner !== undefined && token === sealed(inner, request) ? inner : badToken();
}

function badToken(): never {
  raise(InvalidNextTokenException, 'Invalid token');
}
