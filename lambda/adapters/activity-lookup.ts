import { type CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { ActivityQuestion, TrailEvent } from '../domain/activity.ts';
import { countActivity } from '../domain/count-activity.ts';
import type { KeysError } from '../domain/errors.ts';
import type { ActivityLog, Timer } from '../domain/ports.ts';
import { EVENT_NAMES } from '../domain/trail-event.ts';
import { awsFailure } from './aws-error.ts';
import { trailEvent } from './cloudtrail-event.ts';

/** LookupEvents answers twice a second, to the whole account, and 50 events each. */
const PAUSE_MS = 500;
const MOST_PAGES = 40;
const MOST_MS = 22_000;

/**
 * CloudTrail's event history, which needs no trail and keeps 90 days. It can be asked for one event
 * name at a time: the newest of every name first, then older reads as far as the bound allows.
 */
export function lookupEvents(
  client: CloudTrailClient,
  timer: Timer,
  names: readonly string[] = EVENT_NAMES,
): ActivityLog {
  return {
    async about(question) {
      const search = new Search(client, timer, question, names);
      for (const name of names) await search.page(name);
      for (const name of names) while (search.hasMore(name)) await search.page(name);
      return {
        ...countActivity(question, search.events),
        source: {
          kind: 'lookup-events',
          covers: search.told(),
          complete: search.isComplete,
          calls: search.calls,
        },
      };
    },
  };
}

/** One search: what it has found so far, and what is left to ask for. */
class Search {
  readonly events: TrailEvent[] = [];
  calls = 0;
  readonly #client: CloudTrailClient;
  readonly #timer: Timer;
  readonly #question: ActivityQuestion;
  readonly #until: number;
  /** Where to go on, by event name; `undefined` at the beginning. */
  readonly #left: Map<string, string | undefined>;
  readonly #names: readonly string[];
  #unreadable = 0;
  #failure: KeysError | undefined;

  constructor(
    client: CloudTrailClient,
    timer: Timer,
    question: ActivityQuestion,
    names: readonly string[],
  ) {
    this.#names = names;
    this.#left = new Map(names.map((name) => [name, undefined]));
    this.#client = client;
    this.#timer = timer;
    this.#question = question;
    this.#until = timer.now().getTime() + MOST_MS;
  }

  get #isOver(): boolean {
    const late = this.#timer.now().getTime() >= this.#until;
    return this.#failure !== undefined || this.calls >= MOST_PAGES || late;
  }

  hasMore = (name: string) => this.#left.has(name) && !this.#isOver;

  /** The next page of a name; nothing once the search is over. */
  async page(name: string): Promise<void> {
    if (this.#isOver) return;
    if (this.calls > 0) await this.#timer.sleep(PAUSE_MS);
    this.calls += 1;
    try {
      await this.#ask(name);
    } catch (error) {
      this.#failure = awsFailure('LookupEvents', `event name ${name}`, error);
    }
  }

  async #ask(name: string): Promise<void> {
    const token = this.#left.get(name);
    const { Events = [], NextToken } = await this.#client.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: name }],
        StartTime: this.#question.from,
        EndTime: this.#question.to,
        ...(token ? { NextToken: token } : {}),
      }),
    );
    const found = Events.map(trailEvent).filter((event) => event !== undefined);
    this.events.push(...found);
    this.#unreadable += Events.length - found.length;
    if (NextToken) this.#left.set(name, NextToken);
    else this.#left.delete(name);
  }

  get isComplete(): boolean {
    return this.#left.size === 0 && this.#unreadable === 0;
  }

  /** What it covers, and what it doesn't. */
  told(): string {
    const { from, to } = this.#question;
    const older = [...this.#left].filter(([, token]) => token).map(([name]) => name);
    const never = [...this.#left].filter(([, token]) => !token).map(([name]) => name);
    return [
      `CloudTrail's event history of this Region from ${from.toISOString()} to ${to.toISOString()}, asked for ${this.#names.length} kinds of calls; it lags by about 5 minutes on average.`,
      ...(older.length > 0 ? [`Left out: older calls of ${older.join(', ')}.`] : []),
      ...(never.length > 0 ? [`Not asked for: ${never.join(', ')}.`] : []),
      ...(this.#unreadable > 0
        ? [`Passed over: ${this.#unreadable} events that can't be read.`]
        : []),
      ...(this.#failure
        ? [this.#failure.message]
        : older.length + never.length > 0
          ? [
              'It stopped at its bound; the log group of a trail has no such bound (cloudTrailLogGroup).',
            ]
          : []),
    ].join(' ');
  }
}
