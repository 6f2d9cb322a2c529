import {
  type CreateLogStreamRequest,
  type FilterLogEventsRequest,
  type InputLogEvent,
  InvalidParameterException,
  type PutLogEventsRequest,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from './clock.ts';
import type { FakeCloudTrail } from './cloud-trail.ts';
import { raise } from './errors.ts';
import type { Ids } from './ids.ts';
import { Insights, type OnQuery } from './insights.ts';
import { admit } from './log-batch.ts';
import { filterOf } from './log-filter.ts';
import { LogGroups } from './log-groups.ts';
import { defined, type Operations, operation } from './operation.ts';
import { page } from './paging.ts';
import type { FakeService } from './pipeline.ts';

const PAGE = 10_000;

interface Batch {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly logEvents: readonly InputLogEvent[];
}

/** CloudWatch Logs. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/ */
export class FakeLogs implements FakeService {
  readonly name = 'logs';
  readonly operations: Operations;
  /** Lines that FilterLogEvents searches for a page: as many as AWS likes. */
  searchedAtOnce = PAGE;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #insights: Insights;
  readonly #groups: LogGroups;

  constructor(clock: Clock, ids: Ids, cloudTrail: FakeCloudTrail) {
    this.#clock = clock;
    this.#ids = ids;
    this.#groups = new LogGroups(clock, cloudTrail);
    this.#insights = new Insights(ids, (window) => this.#groups.within(window));
    this.operations = { ...this.#table(), ...this.#insights.operations };
  }

  /** Lines older than its retention are gone. @param retentionDays by default without end */
  seedGroup(name: string, retentionDays = Number.POSITIVE_INFINITY): void {
    this.#groups.add(name, retentionDays, false);
  }

  /** A group that receives what CloudTrail recorded and will record, a JSON line for each event. */
  seedCloudTrail(name: string): void {
    this.#groups.add(name, Number.POSITIVE_INFINITY, true);
  }

  /** Answers queries of Logs Insights instead of the fake, which knows little of their language. */
  set onQuery(answer: OnQuery | undefined) {
    this.#insights.onQuery = answer;
  }

  /** Queries from now on are under way for so many polls. @default 1, and then they are complete */
  queriesTake(polls: number, end: 'Complete' | 'Failed' | 'Timeout' = 'Complete'): void {
    this.#insights.polls = polls;
    this.#insights.end = end;
  }

  /** Statistics of queries from now on, in place of what was really scanned. */
  queriesScan(scanned: { readonly bytesScanned?: number; readonly recordsScanned?: number }): void {
    this.#insights.scanned = scanned;
  }

  /** A line as it was written at that time. */
  seedLine(group: string, at: Date, message: string): void {
    const timestamp = at.getTime();
    const eventId = this.#ids.uuid();
    const line = { logStreamName: 'seeded', timestamp, message, ingestionTime: timestamp, eventId };
    this.#groups.find(group).lines.push(line);
  }

  streamsOf(group: string): string[] {
    return [...this.#groups.find(group).streams];
  }

  /** Messages by time, of all streams. */
  messagesOf(group: string): string[] {
    return this.#groups.kept(group).map(({ message }) => message);
  }

  #table(): Operations {
    return {
      CreateLogStream: operation<CreateLogStreamRequest, 'logGroupName' | 'logStreamName'>(
        ['logGroupName', 'logStreamName'],
        [],
        ({ logGroupName, logStreamName }) => this.#createStream(logGroupName, logStreamName),
      ),
      PutLogEvents: operation<PutLogEventsRequest, keyof Batch>(
        ['logGroupName', 'logStreamName', 'logEvents'],
        [],
        (input) => this.#put(input),
      ),
      FilterLogEvents: operation<FilterLogEventsRequest, 'logGroupName'>(
        ['logGroupName'],
        ['startTime', 'endTime', 'filterPattern', 'limit', 'nextToken'],
        (input) => this.#filter(input),
      ),
    };
  }

  #createStream(groupName: string, name: string) {
    if (!/^[^:*]{1,512}$/.test(name)) {
      raise(InvalidParameterException, `The log stream name ${name} is not valid.`);
    }
    const { streams } = this.#groups.find(groupName);
    if (streams.has(name)) {
      raise(ResourceAlreadyExistsException, 'The specified log stream already exists');
    }
    streams.add(name);
    return {};
  }

  #put({ logGroupName, logStreamName, logEvents }: Batch) {
    const { streams, lines, retentionDays } = this.#groups.find(logGroupName);
    if (!streams.has(logStreamName)) {
      raise(ResourceNotFoundException, 'The specified log stream does not exist.');
    }
    const ingestionTime = this.#clock.now().getTime();
    const { accepted, rejected } = admit(logEvents, ingestionTime, retentionDays);
    for (const { timestamp, message } of accepted) {
      const eventId = this.#ids.uuid();
      lines.push({ logStreamName, timestamp, message, ingestionTime, eventId });
    }
    return defined({ rejectedLogEventsInfo: rejected });
  }

  /** A page is searched, not filled: it may hold few events or none although more follow. */
  #filter(input: FilterLogEventsRequest & { logGroupName: string }) {
    const { logGroupName, startTime = 0, endTime = Number.MAX_SAFE_INTEGER } = input;
    const { limit = PAGE, nextToken } = input;
    if (limit < 1 || limit > PAGE) {
      raise(InvalidParameterException, `limit must be between 1 and ${PAGE}.`);
    }
    const passes = filterOf(input.filterPattern);
    const size = Math.min(limit, this.searchedAtOnce);
    const { items, NextToken } = page(this.#groups.kept(logGroupName), size, nextToken, () =>
      raise(InvalidParameterException, 'The specified nextToken is invalid.'),
    );
    const events = items.filter(
      ({ timestamp, message }) => timestamp >= startTime && timestamp <= endTime && passes(message),
    );
    return defined({ events, searchedLogStreams: [], nextToken: NextToken });
  }
}
