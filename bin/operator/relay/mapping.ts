import { ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { functionName } from '../../../lambda/contract.ts';
import { awsRefusal } from '../aws-refusal.ts';
import type { Session } from '../session.ts';
import type { Queue } from './queues.ts';

/** Whether the relay's sender is handed what waits. */
export interface EventSourceMapping {
  /** Lambda's word: `Enabled`, `Disabled`, or on the way to one of them; `Missing` where there is none. */
  readonly state: string;
  /** When it last changed, ISO 8601. */
  readonly since?: string;
}

/** The sender stops it while it is held back, and only then: every 15 minutes it starts it otherwise. */
export const isStopped = ({ state }: EventSourceMapping) =>
  state === 'Disabled' || state === 'Disabling';

/** https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html */
export async function mappingOf(session: Session, { arn }: Queue): Promise<EventSourceMapping> {
  const FunctionName = functionName(session.environment, 'relay-sender');
  const input = { FunctionName, EventSourceArn: arn };
  try {
    const answer = await session.aws.lambda.send(new ListEventSourceMappingsCommand(input));
    const { State = 'Missing', LastModified } = answer.EventSourceMappings?.[0] ?? {};
    return { state: State, ...(LastModified ? { since: LastModified.toISOString() } : {}) };
  } catch (error) {
    throw awsRefusal('ListEventSourceMappings', `function ${FunctionName}`, session, error);
  }
}
