import {
  type ListEventSourceMappingsRequest,
  ResourceInUseException,
  ResourceNotFoundException,
  type UpdateEventSourceMappingRequest,
} from '@aws-sdk/client-lambda';
import type { Clock } from './clock.ts';
import { raise } from './errors.ts';
import type { Ids } from './ids.ts';
import type { Handler } from './lambda.ts';
import { type Operations, operation } from './operation.ts';
import { page } from './paging.ts';
import type { Place } from './place.ts';
import type { Queue, QueuedMessage } from './queue.ts';

export interface MappingSeed {
  readonly functionName: string;
  readonly queue: Queue;
  readonly batchSize: number;
  /** Above 10 messages it has to be 1 at least. @default 0 */
  readonly windowSeconds?: number;
  /** @default 'Enabled' */
  readonly state?: 'Creating' | 'Enabled' | 'Disabled';
}

type Steady = 'Enabled' | 'Disabled';
type Passing = 'Creating' | 'Enabling' | 'Disabling' | 'Updating';

interface Mapping extends MappingSeed {
  readonly id: string;
  readonly arn: string;
  /** Where it is going, or is. */
  goal: Steady;
  changedAt: Date;
  passing: { readonly state: Passing; readonly until: number } | undefined;
}

/** Lambda says no times; it takes up to a minute or so. */
const TRANSITION_MS = 30_000;
/** Of an event, an invocation's payload being 6 MB at most. */
const MOST_BYTES = 5_500_000;
const PAGE = 100;

/**
 * Event source mappings of queues, which take time to change and refuse a change meanwhile, and
 * Lambda's pollers, which a test runs a batch at a time.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export class EventSourceMappings {
  readonly operations: Operations = {
    ListEventSourceMappings: operation<ListEventSourceMappingsRequest, never>(
      [],
      ['FunctionName', 'EventSourceArn', 'Marker'],
      (input) => this.#list(input),
    ),
    UpdateEventSourceMapping: operation<UpdateEventSourceMappingRequest, 'UUID' | 'Enabled'>(
      ['UUID', 'Enabled'],
      [],
      ({ UUID, Enabled }) => this.#update(UUID, Enabled),
    ),
  };
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #place: Place;
  readonly #handlerOf: (functionName: string) => Handler;
  readonly #mappings = new Map<string, Mapping>();

  constructor(clock: Clock, ids: Ids, place: Place, handlerOf: (functionName: string) => Handler) {
    this.#clock = clock;
    this.#ids = ids;
    this.#place = place;
    this.#handlerOf = handlerOf;
  }

  /** @returns its UUID */
  seed(seed: MappingSeed): string {
    const { functionName, batchSize, windowSeconds = 0, state = 'Enabled' } = seed;
    if (batchSize > 10_000 || (batchSize > 10 && windowSeconds < 1)) {
      throw new Error('A batch of more than 10 messages needs a window of a second at least.');
    }
    const { region, account } = this.#place;
    const id = this.#ids.uuid();
    const arn = `arn:aws:lambda:${region}:${account}:function:${functionName}`;
    const goal = state === 'Disabled' ? 'Disabled' : 'Enabled';
    const changedAt = this.#clock.now();
    const mapping: Mapping = { ...seed, id, arn, goal, changedAt, passing: undefined };
    if (state === 'Creating') this.#pass(mapping, 'Creating');
    this.#mappings.set(id, mapping);
    return id;
  }

  stateOf(id: string): Steady | Passing {
    const mapping = this.#find(id);
    const { passing, goal } = mapping;
    if (passing && passing.until > this.#clock.now().getTime()) return passing.state;
    mapping.passing = undefined;
    return goal;
  }

  /**
   * Hands one batch to the function, as long as the mapping isn't off: while it is being turned off,
   * pollers still run. @returns how many messages
   */
  async poll(id: string): Promise<number> {
    if (!['Enabled', 'Disabling', 'Updating'].includes(this.stateOf(id))) return 0;
    const { queue, batchSize, functionName } = this.#find(id);
    const messages = queue.receive(batchSize, { mostBytes: MOST_BYTES });
    if (messages.length === 0) return 0;
    const handler = this.#handlerOf(functionName);
    const records = messages.map((message) => this.#recordOf(message, queue));
    // An error of the function fails all of them, and is in its log
    const failed = await handler({ Records: records }).then(
      (answer) => failuresIn(answer, messages),
      () => new Set(messages.map((message) => message.id)),
    );
    for (const { id: messageId, receipt } of messages) {
      if (receipt !== undefined && !failed.has(messageId)) queue.delete(receipt);
    }
    return messages.length;
  }

  #recordOf(message: QueuedMessage, queue: Queue) {
    const attributes = {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: String(message.sentAt),
      SenderId: 'AROAIDPPEZS35WEXAMPLE:session',
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    };
    return {
      messageId: message.id,
      receiptHandle: message.receipt,
      body: message.body,
      attributes,
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: queue.arn,
      awsRegion: this.#place.region,
    };
  }

  #list({ FunctionName, EventSourceArn, Marker }: ListEventSourceMappingsRequest) {
    const all = [...this.#mappings.values()].filter(
      ({ functionName, arn, queue }) =>
        (FunctionName === undefined || [functionName, arn].includes(FunctionName)) &&
        (EventSourceArn === undefined || queue.arn === EventSourceArn),
    );
    const { items, NextToken } = page(all, PAGE, Marker, () => {
      throw new Error('The fake of lambda never gave out this Marker.');
    });
    return {
      EventSourceMappings: items.map((mapping) => this.#told(mapping)),
      ...(NextToken ? { NextMarker: NextToken } : {}),
    };
  }

  #update(id: string, enabled: boolean) {
    const mapping = this.#find(id);
    const state = this.stateOf(id);
    if (state !== 'Enabled' && state !== 'Disabled') {
      raise(ResourceInUseException, 'Cannot update the event source mapping because it is in use.');
    }
    const goal = enabled ? 'Enabled' : 'Disabled';
    const isChange = goal !== mapping.goal;
    mapping.goal = goal;
    mapping.changedAt = this.#clock.now();
    this.#pass(mapping, isChange ? (enabled ? 'Enabling' : 'Disabling') : 'Updating');
    return this.#told(mapping);
  }

  #pass(mapping: Mapping, state: Passing): void {
    mapping.passing = { state, until: this.#clock.now().getTime() + TRANSITION_MS };
  }

  #told(mapping: Mapping) {
    const { id, arn, queue, batchSize, windowSeconds = 0 } = mapping;
    return {
      UUID: id,
      BatchSize: batchSize,
      MaximumBatchingWindowInSeconds: windowSeconds,
      EventSourceArn: queue.arn,
      FunctionArn: arn,
      State: this.stateOf(id),
      StateTransitionReason: 'USER_INITIATED',
      LastModified: mapping.changedAt,
    };
  }

  #find(id: string): Mapping {
    return (
      this.#mappings.get(id) ??
      raise(ResourceNotFoundException, 'The resource you requested does not exist.', 404)
    );
  }
}

/**
 * An answer that names something else than messages of the batch fails them all.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
function failuresIn(answer: unknown, messages: readonly QueuedMessage[]): ReadonlySet<string> {
  const all = new Set(messages.map(({ id }) => id));
  const { batchItemFailures = [] } = (answer ?? {}) as {
    batchItemFailures?: { itemIdentifier?: string }[] | null;
  };
  const named = (batchItemFailures ?? []).map(({ itemIdentifier = '' }) => itemIdentifier);
  return named.every((id) => all.has(id)) ? new Set(named) : all;
}
