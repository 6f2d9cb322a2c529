import { Aws, Duration } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import {
  Policy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnPermission, type EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import {
  functionName,
  keyRotatedEvent,
  RELAY_HELD,
  RELAY_NOTICE,
  RELAY_REFUSED,
  RELAY_TRACE,
  RELAY_WAKE,
  variable,
} from '../lambda/contract.ts';
import { acknowledgeListMappings } from './acknowledgements.ts';
import type { RecoverableTable } from './recoverable-table.ts';
import { type RelayQueues, WINDOW } from './relay-queues.ts';
import { type RelayPartProps, settingsTold } from './relay-settings.ts';
import { mappingArn, onlyItem, through } from './resource-names.ts';
import { WorkerFunction } from './worker-function.ts';

export interface RelaySenderProps extends RelayPartProps {
  readonly queues: RelayQueues;
  readonly table: RecoverableTable;
}

const BATCH = 1_000;
/** Amplitude takes 1,000 events a second of one user or device. */
const RUNS_AT_ONCE = 5;
/** After that the schedule has woken it again. */
const MAX_AGE = Duration.minutes(15);

/** The function that sends to Amplitude what waits in the queue, and what wakes it. */
export class RelaySender extends Construct {
  readonly function: WorkerFunction;

  constructor(scope: Construct, id: string, props: RelaySenderProps) {
    super(scope, id);
    const { environment, queues } = props;
    this.function = new WorkerFunction(this, 'Function', {
      ...props,
      noun: 'relay-sender',
      description: "Sends the relay's events to Amplitude with whichever key is accepted",
    });
    this.function.addEnvironment(variable.relay, settingsTold(environment));
    this.function.addEnvironment(variable.relayFailedQueueUrl, queues.failed.queueUrl);
    this.function.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: MAX_AGE });
    this.grant(props);
    const feedPermissions = this.allowTurning(this.feed(queues));
    this.wakeOnRotation(environment.name, environment.relay.key);
    const schedule = this.wakeOnSchedule(environment.name);
    // The first comes at once and must be allowed everything by then.
    schedule.node.addDependency(this.function.permissions, feedPermissions);
  }

  /** Of its key, as a consumer is allowed that the key's policy names; read by label, with the CMK's leave. */
  sendWith(secretArn: string) {
    const actions = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'];
    this.function.allow(actions, [secretArn]);
  }

  private grant({ queues, table, operationsCmk, notifications }: RelaySenderProps) {
    const worker = this.function;
    const { keyArn } = operationsCmk;
    worker.allow(
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      [queues.queue.queueArn],
    );
    worker.allow(['sqs:SendMessage'], [queues.failed.queueArn]);
    const allowItem = (id: string, ...names: string[]) =>
      worker.allow(
        names.map((name) => `dynamodb:${name}`),
        [table.tableArn],
        onlyItem(id),
      );
    allowItem(`${RELAY_TRACE}*`, 'BatchGetItem');
    allowItem(RELAY_HELD, 'GetItem', 'UpdateItem', 'DeleteItem');
    allowItem(`${RELAY_NOTICE}*`, 'PutItem');
    allowItem(`${RELAY_REFUSED}*`, 'UpdateItem');
    worker.allow(['sns:Publish'], [notifications.topic.topicArn]);
    worker.allow(['kms:Decrypt'], [keyArn], through('dynamodb', 'sns', 'sqs'));
    worker.allow(['kms:GenerateDataKey'], [keyArn], through('sns', 'sqs'));
    queues.leaveTo(worker.executionRole);
  }

  /** A batch at a time; a message that failed comes again alone. */
  private feed({ queue }: RelayQueues): EventSourceMapping {
    const mapping = this.function.addEventSourceMapping('Events', {
      eventSourceArn: queue.queueArn,
      batchSize: BATCH,
      maxBatchingWindow: WINDOW,
      reportBatchItemFailures: true,
      maxConcurrency: RUNS_AT_ONCE,
    });
    // Lambda looks at the queue with the function's role as the mapping is made.
    mapping.node.addDependency(this.function.permissions);
    return mapping;
  }

  /**
   * While no key is accepted it stops its own feed, so that no message is tried in vain. Apart from its
   * other permissions, for which the feed waits.
   * https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
   */
  private allowTurning(mapping: EventSourceMapping): Policy {
    const allow = (actions: string[], resource: string) =>
      new PolicyStatement({ actions, resources: [resource] });
    const policy = new Policy(this, 'FeedPermissions', {
      roles: [this.function.executionRole],
      statements: [
        allow(['lambda:ListEventSourceMappings'], '*'),
        allow(['lambda:UpdateEventSourceMapping'], mappingArn(mapping.eventSourceMappingId)),
      ],
    });
    acknowledgeListMappings(policy);
    return policy;
  }

  private wakeOnRotation(environment: string, key: string) {
    const rule = new CfnRule(this, 'Rotated', {
      description: `Another key ${key} is current in ${environment}`,
      eventPattern: {
        source: [keyRotatedEvent.source],
        'detail-type': [keyRotatedEvent.detailType],
        detail: { environment: [environment], key: [key] },
      },
      targets: [{ id: 'Sender', arn: this.function.functionArn }],
    });
    new CfnPermission(this, 'RotatedPermission', {
      action: 'lambda:InvokeFunction',
      functionName: this.function.functionArn,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
      sourceAccount: Aws.ACCOUNT_ID,
    });
  }

  /** In case the event is lost; and a key that was put right at Amplitude is no rotation. */
  private wakeOnSchedule(environment: string): CfnSchedule {
    const name = functionName(environment, 'relay-sender');
    const invoke = new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [this.function.functionArn],
    });
    const role = new Role(this, 'SchedulerRole', {
      description: `Wakes ${name}`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com').withConditions({
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      }),
      inlinePolicies: { Wake: new PolicyDocument({ statements: [invoke] }) },
    });
    return new CfnSchedule(this, 'Schedule', {
      name,
      description: `Has the relay of ${environment} look whether it may go on`,
      scheduleExpression: 'rate(15 minutes)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: this.function.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify(RELAY_WAKE),
        retryPolicy: { maximumRetryAttempts: 0 },
      },
    });
  }
}
