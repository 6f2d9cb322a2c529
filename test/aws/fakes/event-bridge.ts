import type { PutEventsRequest, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Clock } from './clock.ts';
import { serviceError } from './errors.ts';
import type { Ids } from './ids.ts';
import { type Operations, operation, refuseUnknown } from './operation.ts';
import type { FakeService } from './pipeline.ts';

export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly resources: readonly string[];
  readonly at: Date;
}

export interface EntryFailure {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/**
 * The default event bus. An entry that isn't taken is told in an answer that is no error.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export class FakeEventBridge implements FakeService {
  readonly name = 'events';
  /** What was taken, oldest first. */
  readonly taken: BusEvent[] = [];
  /** Told of each entry of the next call, none of which is taken. */
  failure: EntryFailure | undefined;
  readonly operations: Operations = {
    PutEvents: operation<PutEventsRequest, 'Entries'>(['Entries'], [], ({ Entries }) =>
      this.#put(Entries),
    ),
  };
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(clock: Clock, ids: Ids) {
    this.#clock = clock;
    this.#ids = ids;
  }

  #put(entries: readonly PutEventsRequestEntry[]) {
    check(entries);
    const { failure } = this;
    this.failure = undefined;
    const Entries = entries.map((entry) => {
      const refused = failure ?? faultOf(entry);
      if (refused) return refused;
      this.taken.push(this.#eventOf(entry));
      return { EventId: this.#ids.uuid() };
    });
    const FailedEntryCount = Entries.filter((entry) => 'ErrorCode' in entry).length;
    return { FailedEntryCount, Entries };
  }

  #eventOf({ Source = '', DetailType = '', Detail = '', Resources = [] }: PutEventsRequestEntry) {
    const detail = JSON.parse(Detail);
    const at = this.#clock.now();
    return { source: Source, detailType: DetailType, detail, resources: Resources, at };
  }
}

/** What refuses the whole call. */
function check(entries: readonly PutEventsRequestEntry[]): void {
  for (const entry of entries) {
    refuseUnknown('entry of PutEvents', entry, ['Source', 'DetailType', 'Detail', 'Resources']);
  }
  if (entries.length < 1 || entries.length > 10) {
    invalid(
      "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and 10",
    );
  }
  const size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (size >= 256 * 1024) invalid('Total size of the entries in the request is over the limit.');
}

function invalid(message: string): never {
  throw serviceError('events', 'ValidationException', message);
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
function sizeOf({ Source, DetailType, Detail, Resources = [] }: PutEventsRequestEntry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text = '') => sum + Buffer.byteLength(text), 0);
}

/** What fails one entry and lets the others through. */
function faultOf(entry: PutEventsRequestEntry): EntryFailure | undefined {
  for (const field of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[field]) {
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${field} is not valid. Reason: ${field} is a required argument.`,
      };
    }
  }
  if (entry.Source?.startsWith('aws.')) {
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    };
  }
  if ((entry.DetailType?.length ?? 0) > 128) {
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: 'Parameter DetailType is not valid. Reason: at most 128 characters.',
    };
  }
  if (!isObject(entry.Detail)) {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }
  return undefined;
}

function isObject(text = ''): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
