import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { Clock } from './clock.ts';
import type { Ids } from './ids.ts';

export interface QueueSeed {
  /** A new message is handed out after so long. @default 0 */
  readonly delaySeconds?: number;
  /** A message that was handed out is handed out again after so long. @default 30 */
  readonly visibilitySeconds?: number;
  /** @default 4 days */
  readonly retentionSeconds?: number;
  /** Where a message goes in place of being handed out once more than so often. */
  readonly redrive?: { readonly queue: Queue; readonly maxReceiveCount: number };
}

export interface Receiving {
  /** Once so much is taken, no more is. @default no limit */
  readonly mostBytes?: number | undefined;
  /** @default the queue's own */
  readonly hiddenSeconds?: number | undefined;
}

export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly sentAt: number;
  /** ARN of the queue that gave it up, if one did. */
  readonly source?: string;
  receives: number;
  firstReceivedAt?: number;
  visibleAt: number;
  /** Only the latest one deletes. */
  receipt?: string;
}

const DAY = 86_400;

/** A standard queue. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/ */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly seed: Required<Omit<QueueSeed, 'redrive'>> & Pick<QueueSeed, 'redrive'>;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #messages = new Map<string, QueuedMessage>();

  constructor(place: Pick<Queue, 'name' | 'arn' | 'url'>, seed: QueueSeed, clock: Clock, ids: Ids) {
    this.name = place.name;
    this.arn = place.arn;
    this.url = place.url;
    this.seed = {
      delaySeconds: 0,
      visibilitySeconds: 30,
      retentionSeconds: 4 * DAY,
      ...seed,
    };
    this.#clock = clock;
    this.#ids = ids;
  }

  /** All that it holds, whether it would be handed out now or not, oldest first. */
  get messages(): readonly QueuedMessage[] {
    this.#expire();
    return [...this.#messages.values()];
  }

  send(
    message: Partial<Pick<QueuedMessage, 'id' | 'sentAt' | 'source'>> &
      Pick<QueuedMessage, 'body' | 'attributes'>,
    delaySeconds = this.seed.delaySeconds,
  ): QueuedMessage {
    const now = this.#now();
    const id = message.id ?? this.#ids.uuid();
    const queued = {
      sentAt: now,
      ...message,
      id,
      receives: 0,
      visibleAt: now + delaySeconds * 1_000,
    };
    this.#messages.set(id, queued);
    return queued;
  }

  /** Hides what it hands out. One that was handed out too often goes on to the dead letters. */
  receive(most: number, { mostBytes, hiddenSeconds }: Receiving = {}): QueuedMessage[] {
    this.#expire();
    const now = this.#now();
    const handed: QueuedMessage[] = [];
    let bytes = 0;
    for (const message of this.#messages.values()) {
      if (handed.length === most || bytes >= (mostBytes ?? Number.POSITIVE_INFINITY)) break;
      if (message.visibleAt > now || this.#givesUp(message)) continue;
      message.receives += 1;
      message.firstReceivedAt ??= now;
      message.visibleAt = now + (hiddenSeconds ?? this.seed.visibilitySeconds) * 1_000;
      message.receipt = `${message.id} ${this.#ids.uuid()}`;
      handed.push(message);
      bytes += JSON.stringify(message.body).length;
    }
    return handed;
  }

  /** @returns false: no message has this receipt */
  delete(receipt: string): boolean {
    const [id = ''] = receipt.split(' ');
    return this.#messages.get(id)?.receipt === receipt && this.#messages.delete(id);
  }

  /** Without a receipt, as SQS itself does. */
  remove({ id }: Pick<QueuedMessage, 'id'>): void {
    this.#messages.delete(id);
  }

  /** Of what is there, how many would be handed out, are handed out, wait for their delay. */
  get counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const hidden = this.messages.filter(({ visibleAt }) => visibleAt > this.#now());
    const inFlight = hidden.filter(({ receives }) => receives > 0).length;
    return {
      visible: this.messages.length - hidden.length,
      inFlight,
      delayed: hidden.length - inFlight,
    };
  }

  #givesUp(message: QueuedMessage): boolean {
    const { redrive } = this.seed;
    if (!redrive || message.receives < redrive.maxReceiveCount) return false;
    const { id, body, attributes, sentAt } = message;
    this.#messages.delete(id);
    // It keeps its age. .../SQSDeveloperGuide/sqs-dead-letter-queues.html
    redrive.queue.send({ id, body, attributes, sentAt, source: this.arn }, 0);
    return true;
  }

  /** The oldest come first, but for those that were given up elsewhere. */
  #expire(): void {
    const oldest = this.#now() - this.seed.retentionSeconds * 1_000;
    for (const [id, { sentAt }] of this.#messages) {
      if (sentAt < oldest) this.#messages.delete(id);
    }
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
