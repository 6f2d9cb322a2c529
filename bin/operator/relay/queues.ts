import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { isAwsError } from '../../../lambda/adapters/aws-error.ts';
import { relayFailedQueueName, relayQueueName, stackName } from '../../../lambda/contract.ts';
import type { EnvironmentConfig } from '../../../lib/config.ts';
import { Refusal } from '../../keyctl/refusal.ts';
import { awsRefusal } from '../aws-refusal.ts';
import type { Session } from '../session.ts';

/** Messages as SQS counts them: roughly, and some late by a minute. */
export interface Counts {
  /** Would be handed out now. */
  readonly visible: number;
  /** Are handed out. */
  readonly inFlight: number;
  /** Wait for their delay. */
  readonly delayed: number;
}

export interface Queue extends Counts {
  readonly url: string;
  readonly arn: string;
}

export interface RelayQueues {
  readonly queue: Queue;
  /** Of events that Amplitude will never take. */
  readonly failed: Queue;
}

export const totalOf = ({ visible, inFlight, delayed }: Counts) => visible + inFlight + delayed;

/** @throws Refusal RELAY_NOT_CONFIGURED */
export function relayOf({ name, relay }: EnvironmentConfig): NonNullable<typeof relay> {
  if (relay) return relay;
  throw new Refusal(
    'RELAY_NOT_CONFIGURED',
    `Environment ${name} has no relay. If it is to have one, say in lib/environments.ts which key it sends with (relay: { key: … }), then: npx cdk deploy ${stackName(name)}`,
  );
}

export function relayNotDeployed({ environment, account, region }: Session): Refusal {
  return new Refusal(
    'NOT_DEPLOYED',
    `The relay of ${environment} is not deployed in account ${account}, Region ${region}: npx cdk deploy ${stackName(environment)} (if it should be, check account and Region).`,
  );
}

/** @throws Refusal NOT_DEPLOYED, ACCESS_DENIED … */
export async function relayQueues(session: Session): Promise<RelayQueues> {
  const { environment } = session;
  const [queue, failed] = await Promise.all([
    find(session, relayQueueName(environment)),
    find(session, relayFailedQueueName(environment)),
  ]);
  return { queue, failed };
}

async function find(session: Session, name: string): Promise<Queue> {
  const url = await urlOf(session, name);
  const input = { QueueUrl: url, AttributeNames: [...ATTRIBUTES] };
  try {
    const { Attributes } = await session.aws.sqs.send(new GetQueueAttributesCommand(input));
    const count = (attribute: (typeof ATTRIBUTES)[number]) => Number(Attributes?.[attribute] ?? 0);
    return {
      url,
      arn: Attributes?.QueueArn ?? '',
      visible: count('ApproximateNumberOfMessages'),
      inFlight: count('ApproximateNumberOfMessagesNotVisible'),
      delayed: count('ApproximateNumberOfMessagesDelayed'),
    };
  } catch (error) {
    throw awsRefusal('GetQueueAttributes', `queue ${name}`, session, error);
  }
}

const ATTRIBUTES = [
  'QueueArn',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

async function urlOf(session: Session, name: string): Promise<string> {
  try {
    const answer = await session.aws.sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    return answer.QueueUrl ?? '';
  } catch (error) {
    if (isAwsError(error, 'QueueDoesNotExist')) throw relayNotDeployed(session);
    throw awsRefusal('GetQueueUrl', `queue ${name}`, session, error);
  }
}
