import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { keyRotatedEvent } from '../contract.ts';
import type { Announcer, KeyRotated } from '../domain/ports.ts';
import { awsFailure } from './aws-error.ts';

/** The account's default event bus. */
export function eventBus(client: EventBridgeClient): Announcer {
  return { announce: (event) => putEvent(client, entryOf(event)) };
}

export async function putEvent(
  client: EventBridgeClient,
  entry: PutEventsRequestEntry,
): Promise<void> {
  try {
    const answer = await client.send(new PutEventsCommand({ Entries: [entry] }));
    // PutEvents answers 200 where it took nothing
    if (answer.FailedEntryCount) throw refusalIn(answer.Entries?.[0]);
  } catch (error) {
    throw awsFailure('PutEvents', `event ${entry.DetailType}`, error);
  }
}

/** Field by field: whatever else the event may hold stays here. */
function entryOf({ environment, key, secretArn, fingerprint, version, by }: KeyRotated) {
  return {
    Source: keyRotatedEvent.source,
    DetailType: keyRotatedEvent.detailType,
    Detail: JSON.stringify({ environment, key, secretArn, fingerprint, version, by }),
    Resources: [secretArn],
  };
}

/** An entry's refusal in the form of the SDK's errors. */
const refusalIn = (entry: { readonly ErrorCode?: string | undefined } = {}) =>
  Object.assign(new Error('An event was not taken'), { name: entry.ErrorCode });
