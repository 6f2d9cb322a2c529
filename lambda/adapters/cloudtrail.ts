import { type CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { Read, ReadLog, RecentReads } from '../domain/ports.ts';
import { trailEvent } from './cloudtrail-event.ts';

/** LookupEvents answers 2 questions a second and 50 events each: this many take ten seconds. */
const MOST_PAGES = 20;

/**
 * Who read secrets of this account, by CloudTrail's event history, which needs no trail. Reads by
 * this worker's own roles are left out.
 */
export function cloudTrail(client: CloudTrailClient, ownRoles: readonly string[]): ReadLog {
  return {
    async since(from) {
      const reads: Read[] = [];
      try {
        const complete = await collect(client, from, (event) => {
          const read = readOf(event);
          if (read && !isOwn(read, ownRoles)) reads.push(read);
        });
        return { reads, complete };
      } catch {
        // Nobody is kept waiting for this answer: it is told that there may be more.
        return { reads, complete: false } satisfies RecentReads;
      }
    },
  };
}

/** Answers whether it saw all of them. */
async function collect(client: CloudTrailClient, StartTime: Date, take: (event: Event) => void) {
  const LookupAttributes = [
    { AttributeKey: 'EventName' as const, AttributeValue: 'GetSecretValue' },
  ];
  let NextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const input = { LookupAttributes, StartTime, ...(NextToken ? { NextToken } : {}) };
    const answer = await client.send(new LookupEventsCommand(input));
    for (const event of answer.Events ?? []) take(event);
    NextToken = answer.NextToken;
    if (!NextToken) return true;
  }
  return false;
}

/** A denied read is none. Whatever doesn't look like a read of a secret is passed over. */
function readOf(event: Event): Read | undefined {
  const { secretId, at, principal, versionId, label, error } = trailEvent(event) ?? {};
  if (!secretId || !at || !principal || error) return undefined;
  return {
    secretId,
    at,
    principal,
    ...(versionId ? { versionId } : {}),
    ...(label ? { label } : {}),
  };
}

const isOwn = ({ principal }: Read, ownRoles: readonly string[]) =>
  ownRoles.some((role) => principal.endsWith(`:role/${role}`));
