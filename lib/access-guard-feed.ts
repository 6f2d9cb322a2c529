import { Duration } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { type IRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { GUARD_NOUN, guardFailedQueueName, guardQueueName } from '../lambda/contract.ts';
import { ACCOUNT_EVENTS, keyEvents } from './access-guard-patterns.ts';
import type { KeysCmk, OperationsCmk } from './encryption.ts';
import { leaveTo, sentBy } from './queue-policy.ts';
import { through } from './resource-names.ts';
import { TIMEOUT_SECONDS } from './thresholds.ts';
import type { WorkerFunction } from './worker-function.ts';

export interface FeedProps {
  readonly environment: string;
  readonly keysCmk: KeysCmk;
  readonly operationsCmk: OperationsCmk;
  /** Who alone may send what failed again. */
  readonly breakGlass: IRole;
}

const BATCH = 100;
/**
 * A batch is gathered for so long, so that a flood costs little; while few come, Lambda may wait for
 * 20 seconds whatever is said. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const WINDOW = Duration.seconds(5);
/** Six runs and a window, so that nobody else is handed a message that is being judged. */
const INVISIBLE = Duration.seconds(6 * TIMEOUT_SECONDS[GUARD_NOUN] + WINDOW.toSeconds());
/** An hour of tries, for a service that throttles. */
const TRIES = 10;

/** What CloudTrail tells of the keys, on its way to the function: two rules and a queue. */
export class AccessGuardFeed extends Construct {
  private readonly queue: Queue;
  /** Events that no try could judge, and those that didn't reach the queue. */
  private readonly failed: Queue;
  private readonly operationsCmk: OperationsCmk;

  constructor(scope: Construct, id: string, props: FeedProps) {
    super(scope, id);
    const { environment, keysCmk, operationsCmk, breakGlass } = props;
    const encrypted = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: operationsCmk,
      enforceSSL: true,
    };
    this.operationsCmk = operationsCmk;
    this.failed = new Queue(this, 'Failed', {
      ...encrypted,
      queueName: guardFailedQueueName(environment),
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      ...encrypted,
      queueName: guardQueueName(environment),
      visibilityTimeout: INVISIBLE,
      deadLetterQueue: { queue: this.failed, maxReceiveCount: TRIES },
    });
    const rules = [
      this.rule(
        'Keys',
        `Uses and changes of the keys of ${environment}`,
        keyEvents(environment, keysCmk),
      ),
      this.rule('Account', 'Lists of secrets, changed trails and sign-ins', ACCOUNT_EVENTS),
    ].map(({ attrArn }) => attrArn);
    for (const queue of [this.queue, this.failed]) takeFrom(queue, rules, breakGlass);
    leaveTo(this.failed, breakGlass);
    this.allowRedrive(breakGlass);
  }

  /** Function takes what comes, a batch at a time; a message that failed comes again alone. */
  feed(worker: WorkerFunction) {
    worker.allow(
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      [this.queue.queueArn],
    );
    worker.allow(['kms:Decrypt'], [this.operationsCmk.keyArn], through('sqs'));
    leaveTo(this.queue, worker.executionRole);
    const mapping = worker.addEventSourceMapping('Events', {
      eventSourceArn: this.queue.queueArn,
      batchSize: BATCH,
      maxBatchingWindow: WINDOW,
      reportBatchItemFailures: true,
      maxConcurrency: 5,
    });
    // Lambda looks at the queue with the function's role as the mapping is made.
    mapping.node.addDependency(worker.permissions);
  }

  /**
   * GetSecretValue is a read-only event, which a rule that is merely enabled never sees.
   * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
   */
  private rule(id: string, description: string, eventPattern: object): CfnRule {
    return new CfnRule(this, id, {
      description,
      eventPattern,
      state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      targets: [
        { id: 'Queue', arn: this.queue.queueArn, deadLetterConfig: { arn: this.failed.queueArn } },
      ],
    });
  }

  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html */
  private allowRedrive(role: IRole) {
    const allow = (actions: string[], resource: string, conditions = {}) =>
      role.addToPrincipalPolicy(
        new PolicyStatement({ actions, resources: [resource], conditions }),
      );
    allow(
      [
        'sqs:StartMessageMoveTask',
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
      ],
      this.failed.queueArn,
    );
    allow(['sqs:SendMessage'], this.queue.queueArn);
    allow(['kms:Decrypt', 'kms:GenerateDataKey'], this.operationsCmk.keyArn, through('sqs'));
  }
}

/** The rules send, and break-glass again what failed. */
function takeFrom(queue: Queue, rules: string[], breakGlass: IRole) {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'TheRulesSend',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rules } },
    }),
  );
  sentBy(queue, { 'aws:SourceArn': rules, 'aws:PrincipalArn': breakGlass.roleArn });
}
