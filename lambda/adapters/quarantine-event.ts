import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { readerQuarantinedEvent } from '../contract.ts';
import { keyless } from '../domain/keyless.ts';
import type { QuarantineAnnouncer, ReaderQuarantined } from '../domain/quarantine/ports.ts';
import { putEvent } from './event-bridge.ts';

/** The account's default event bus, for whoever keeps addresses or sessions out elsewhere too. */
export function quarantineAnnouncer(client: EventBridgeClient): QuarantineAnnouncer {
  return { announce: (event) => putEvent(client, entryOf(event)) };
}

/** Field by field: whatever else the quarantine may hold stays here. */
function entryOf({ environment, quarantine, secretArn }: ReaderQuarantined) {
  const { id, key, denied, principal, score, until, eventId } = quarantine;
  const { session, principal: role, address } = denied;
  const target = { session: session && keyless(session), principal: role, address };
  const detail = { environment, id, key, denied: target, principal, score, until, eventId };
  return {
    Source: readerQuarantinedEvent.source,
    DetailType: readerQuarantinedEvent.detailType,
    Detail: JSON.stringify(detail),
    Resources: secretArn ? [secretArn] : [],
  };
}
