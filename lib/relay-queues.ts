import { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  ALL_PARTS,
  nounsOf,
  relayFailedQueueName,
  relayQueueName,
  roleName,
} from '../lambda/contract.ts';
import type { OperationsCmk } from './encryption.ts';
import { keepFromSending, leaveTo, OF_PRINCIPALS, sentBy } from './queue-policy.ts';
import { roleArn } from './resource-names.ts';
import { TIMEOUT_SECONDS } from './thresholds.ts';

/** Sender is handed events that have come within so long together. */
export const WINDOW = Duration.seconds(5);
/** Six runs and a window, so that nobody else is handed a message that is being sent. */
const INVISIBLE = Duration.seconds(6 * TIMEOUT_SECONDS['relay-sender'] + WINDOW.toSeconds());
/** By then an execution's LLM calls have told their model. */
const DELAY = Duration.seconds(10);
/** As long as SQS keeps a message: a key that nobody replaces costs nothing for two weeks. */
const KEPT = Duration.days(14);
/**
 * The most that SQS allows, and eight days of an Amplitude that answers nothing: what can never be sent
 * is put among the failed by the sender, with its reason, and a key that is away costs no tries.
 */
const TRIES = 1_000;

/**
 * Where events wait for Amplitude, and where those wait that it will never take. They go with the
 * stack: an environment without a relay has nobody who sends them.
 */
export class RelayQueues extends Construct {
  readonly queue: Queue;
  readonly failed: Queue;

  constructor(scope: Construct, id: string, environment: string, cmk: OperationsCmk) {
    super(scope, id);
    const encrypted = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: cmk,
      enforceSSL: true,
      retentionPeriod: KEPT,
    };
    this.failed = new Queue(this, 'Failed', {
      ...encrypted,
      queueName: relayFailedQueueName(environment),
    });
    this.queue = new Queue(this, 'Queue', {
      ...encrypted,
      queueName: relayQueueName(environment),
      deliveryDelay: DELAY,
      visibilityTimeout: INVISIBLE,
      deadLetterQueue: { queue: this.failed, maxReceiveCount: TRIES },
    });
    const others = nounsOf(ALL_PARTS).filter((noun) => noun !== 'relay-intake');
    keepFromSending(
      this.queue,
      others.map((noun) => roleArn(roleName(environment, noun))),
    );
  }

  /** It alone takes events away, and puts any among the failed, which operators send again unseen. */
  leaveTo(sender: IRole) {
    leaveTo(this.queue, sender);
    sentBy(this.failed, { 'aws:PrincipalArn': sender.roleArn }, OF_PRINCIPALS);
  }
}
