import { type CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { TrailEvent } from '../domain/activity.ts';
import type { KeysError } from '../domain/errors.ts';
import type { ReadHistory, Timer } from '../domain/ports.ts';
import { countHours, countReads } from '../domain/readers/count-reads.ts';
import { type History, PERIOD } from '../domain/readers/history.ts';
import { awsFailure } from './aws-error.ts';
import { trailEvent } from './cloudtrail-event.ts';
import { before } from './history-periods.ts';

/** LookupEvents answers twice a second, to the whole account, and 50 events each. */
const PAUSE_MS = 500;
const MOST_PAGES = 80;
const MOST_MS = 40_000;

/**
 * CloudTrail's event history, which needs no trail and keeps 90 days. It answers the reads of all
 * secrets of the account, newest first, this worker's hourly ones among them: within its bound it
 * rarely comes to 30 days.
 */
export function eventHistory(client: CloudTrailClient, timer: Timer): ReadHistory {
  return {
    async of({ environment, now }) {
      const search = new Search(client, timer, now);
      while (!search.isOver) await search.page();
      const { since, events } = search;
      const theirs = events.filter(({ secretId = '' }) => isOf(environment, secretId));
      return {
        rows: countReads(theirs, now),
        ...(since ? { since } : {}),
        hours: { since: before(now, PERIOD.lately), rows: countHours(theirs, now) },
        source: search.told(),
      };
    },
  };
}

const isOf = (environment: string, secretId: string) =>
  secretId.replace(/^arn:.*:secret:/, '').startsWith(`amplitude/${environment}/`);

/** One search: what it has found so far. */
class Search {
  readonly events: TrailEvent[] = [];
  readonly #client: CloudTrailClient;
  readonly #timer: Timer;
  readonly #now: Date;
  readonly #from: Date;
  readonly #until: number;
  #calls = 0;
  #token: string | undefined;
  #isAtEnd = false;
  #oldest: Date | undefined;
  #unreadable = 0;
  #failure: KeysError | undefined;

  constructor(client: CloudTrailClient, timer: Timer, now: Date) {
    this.#client = client;
    this.#timer = timer;
    this.#now = now;
    this.#from = before(now, PERIOD.all);
    this.#until = timer.now().getTime() + MOST_MS;
  }

  get isOver(): boolean {
    const late = this.#timer.now().getTime() >= this.#until;
    return this.#isAtEnd || this.#failure !== undefined || this.#calls >= MOST_PAGES || late;
  }

  async page(): Promise<void> {
    if (this.#calls > 0) await this.#timer.sleep(PAUSE_MS);
    this.#calls += 1;
    try {
      await this.#ask();
    } catch (error) {
      this.#failure = awsFailure('LookupEvents', 'event name GetSecretValue', error);
    }
  }

  async #ask(): Promise<void> {
    const { Events = [], NextToken } = await this.#client.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'GetSecretValue' }],
        StartTime: this.#from,
        EndTime: this.#now,
        ...(this.#token ? { NextToken: this.#token } : {}),
      }),
    );
    const found = Events.map(trailEvent).filter((event) => event !== undefined);
    this.events.push(...found);
    this.#unreadable += Events.length - found.length;
    this.#oldest = found.at(-1)?.at ?? this.#oldest;
    this.#token = NextToken;
    this.#isAtEnd = !NextToken;
  }

  /** The newest come first, so that all since the oldest were seen. */
  get since(): Date | undefined {
    if (this.#unreadable > 0) return undefined;
    return this.#isAtEnd ? this.#from : this.#oldest;
  }

  told(): History['source'] {
    const complete = this.#isAtEnd && this.#unreadable === 0;
    const failure = this.#failure?.message;
    const begin = (this.since ?? this.#from).toISOString();
    const covers = [
      `CloudTrail's event history of this Region from ${begin} to ${this.#now.toISOString()}; it lags by about 5 minutes on average.`,
      ...(this.#unreadable > 0
        ? [`Passed over: ${this.#unreadable} events that can't be read.`]
        : []),
      ...(failure ? [failure] : this.#isAtEnd ? [] : [BOUND]),
    ].join(' ');
    return {
      kind: 'lookup-events',
      covers,
      complete,
      calls: this.#calls,
      ...(failure ? { failure } : {}),
    };
  }
}

const BOUND =
  'It stopped at its bound and knows nothing older; the log group of a trail has no such bound (cloudTrailLogGroup).';
