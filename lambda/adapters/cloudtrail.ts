import { type CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod/mini';
import type { Read, ReadLog, RecentReads } from '../domain/ports.ts';

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

const optional = z.optional(z.nullable(z.string()));
const recorded = z.object({
  errorCode: optional,
  userIdentity: z.object({
    arn: optional,
    invokedBy: optional,
    type: optional,
    sessionContext: z.optional(
      z.object({ sessionIssuer: z.optional(z.object({ arn: optional })) }),
    ),
  }),
  requestParameters: z.object({
    secretId: z.string(),
    versionId: optional,
    versionStage: optional,
  }),
});

/** A denied read is none. Whatever doesn't look like a read of a secret is passed over. */
function readOf({ CloudTrailEvent, EventTime }: Event): Read | undefined {
  const { data } = recorded.safeParse(json(CloudTrailEvent));
  if (!data || data.errorCode || !EventTime) return undefined;
  const { userIdentity, requestParameters } = data;
  const { secretId, versionId, versionStage } = requestParameters;
  const issuer = userIdentity.sessionContext?.sessionIssuer?.arn;
  return {
    secretId,
    at: EventTime,
    principal: issuer ?? userIdentity.arn ?? userIdentity.invokedBy ?? 'an unknown principal',
    ...(versionId ? { versionId } : {}),
    ...(versionStage ? { label: versionStage } : {}),
  };
}

function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

const isOwn = ({ principal }: Read, ownRoles: readonly string[]) =>
  ownRoles.some((role) => principal.endsWith(`:role/${role}`));
