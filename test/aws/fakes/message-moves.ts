import {
  type CancelMessageMoveTaskRequest,
  type ListMessageMoveTasksRequest,
  ResourceNotFoundException,
  type StartMessageMoveTaskRequest,
} from '@aws-sdk/client-sqs';
import type { Clock } from './clock.ts';
import { raise, serviceError } from './errors.ts';
import type { Ids } from './ids.ts';
import { defined } from './operation.ts';
import type { Queue } from './queue.ts';

interface Task {
  readonly handle: string;
  readonly from: Queue;
  readonly to: Queue | undefined;
  readonly perSecond: number | undefined;
  readonly toMove: number;
  readonly startedAt: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';
  failure?: string;
}

/** What SQS moves a second if it isn't told, or so. */
const SYSTEM_RATE = 500;

/**
 * Moves out of a dead-letter queue, while time passes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export class MessageMoves {
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #queues: () => readonly Queue[];
  readonly #tasks: Task[] = [];

  constructor(clock: Clock, ids: Ids, queues: () => readonly Queue[]) {
    this.#clock = clock;
    this.#ids = ids;
    this.#queues = queues;
  }

  start({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond }: StartMessageMoveTaskRequest) {
    this.advance();
    const from = this.#find(SourceArn, 'SourceArn');
    if (!this.#queues().some(({ seed }) => seed.redrive?.queue === from)) {
      invalid('Source queue must be configured as a Dead Letter Queue.');
    }
    const to =
      DestinationArn === undefined ? undefined : this.#find(DestinationArn, 'DestinationArn');
    if (this.#tasks.some((task) => task.from === from && task.status === 'RUNNING')) {
      invalid(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const perSecond = MaxNumberOfMessagesPerSecond;
    if (perSecond !== undefined && !(perSecond >= 1 && perSecond <= 500)) {
      invalid('Value for parameter MaxNumberOfMessagesPerSecond is invalid.');
    }
    const handle = Buffer.from(`${from.arn} ${this.#ids.uuid()}`).toString('base64');
    const startedAt = this.#clock.now().getTime();
    const toMove = from.counts.visible;
    this.#tasks.unshift({
      handle,
      from,
      to,
      perSecond,
      toMove,
      startedAt,
      moved: 0,
      status: 'RUNNING',
    });
    return { TaskHandle: handle };
  }

  /** The latest first; a handle has only what runs. */
  list({ SourceArn, MaxResults = 1 }: ListMessageMoveTasksRequest) {
    this.advance();
    const from = this.#find(SourceArn, 'SourceArn');
    const tasks = this.#tasks.filter((task) => task.from === from).slice(0, MaxResults);
    const Results = tasks.map((task) =>
      defined({
        TaskHandle: task.status === 'RUNNING' ? task.handle : undefined,
        Status: task.status,
        SourceArn: from.arn,
        DestinationArn: task.to?.arn,
        MaxNumberOfMessagesPerSecond: task.perSecond,
        ApproximateNumberOfMessagesMoved: task.moved,
        ApproximateNumberOfMessagesToMove: task.toMove,
        FailureReason: task.failure,
        StartedTimestamp: task.startedAt,
      }),
    );
    return { Results };
  }

  /** What is moved stays moved. */
  cancel({ TaskHandle }: CancelMessageMoveTaskRequest) {
    this.advance();
    const task = this.#tasks.find(
      ({ handle, status }) => handle === TaskHandle && status === 'RUNNING',
    );
    if (!task) return raise(ResourceNotFoundException, 'There is no such running task.', 404);
    task.status = 'CANCELLED';
    return { ApproximateNumberOfMessagesMoved: task.moved };
  }

  /** Moves what is due. */
  advance(): void {
    for (const task of this.#tasks.filter(({ status }) => status === 'RUNNING')) this.#run(task);
  }

  #run(task: Task): void {
    const seconds = (this.#clock.now().getTime() - task.startedAt) / 1_000;
    const due = Math.floor(seconds * (task.perSecond ?? SYSTEM_RATE));
    while (task.moved < due) {
      const [message] = task.from.receive(1);
      if (!message) {
        task.status = 'COMPLETED';
        return;
      }
      const to = task.to ?? this.#queues().find(({ arn }) => arn === message.source);
      if (!to) {
        // Of a message that was sent there, and not given up by a queue
        Object.assign(task, { status: 'FAILED', failure: 'CouldNotDetermineMessageSource' });
        return;
      }
      task.from.remove(message);
      // New id, new age, no receives. .../sqs-configure-dead-letter-queue-redrive.html
      to.send({ body: message.body, attributes: message.attributes }, 0);
      task.moved += 1;
    }
  }

  #find(arn: string | undefined, parameter: string): Queue {
    return (
      this.#queues().find((queue) => queue.arn === arn) ??
      raise(
        ResourceNotFoundException,
        `The resource that you specified for the ${parameter} parameter doesn't exist.`,
        404,
      )
    );
  }
}

function invalid(message: string): never {
  throw serviceError('sqs', 'InvalidParameterValue', message);
}
