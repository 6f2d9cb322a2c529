import { ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from './clock.ts';
import type { FakeCloudTrail } from './cloud-trail.ts';
import { raise } from './errors.ts';
import type { Window } from './insights.ts';
import type { RecordedEvent } from './recorded-event.ts';

const DAY = 86_400_000;

export interface Line {
  readonly logStreamName: string;
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
  readonly eventId: string;
}

export interface Group {
  readonly retentionDays: number;
  readonly streams: Set<string>;
  readonly lines: Line[];
  /** Whether CloudTrail delivers to it. */
  readonly isTrail: boolean;
}

/** The log groups of the account and the lines that they still keep. */
export class LogGroups {
  readonly #clock: Clock;
  readonly #cloudTrail: FakeCloudTrail;
  readonly #groups = new Map<string, Group>();

  constructor(clock: Clock, cloudTrail: FakeCloudTrail) {
    this.#clock = clock;
    this.#cloudTrail = cloudTrail;
  }

  add(name: string, retentionDays: number, isTrail: boolean): void {
    this.#groups.set(name, { retentionDays, streams: new Set(), lines: [], isTrail });
  }

  find(name: string): Group {
    return (
      this.#groups.get(name) ??
      raise(ResourceNotFoundException, 'The specified log group does not exist.')
    );
  }

  /** By time. */
  kept(name: string): Line[] {
    const { lines, retentionDays, isTrail } = this.find(name);
    const from = this.#clock.now().getTime() - retentionDays * DAY;
    return [...lines, ...(isTrail ? this.#cloudTrail.all().map(lineOf) : [])]
      .filter(({ timestamp }) => timestamp >= from)
      .sort((one, other) => one.timestamp - other.timestamp);
  }

  within({ groups, from, to }: Window): Line[] {
    return groups
      .flatMap((name) => this.kept(name))
      .filter(({ timestamp }) => timestamp >= from.getTime() && timestamp <= to.getTime());
  }
}

function lineOf({ EventId, EventTime, CloudTrailEvent }: RecordedEvent): Line {
  const timestamp = EventTime.getTime();
  return {
    logStreamName: 'cloudtrail',
    timestamp,
    message: CloudTrailEvent,
    ingestionTime: timestamp,
    eventId: EventId,
  };
}
