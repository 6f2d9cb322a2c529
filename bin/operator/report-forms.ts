import * as z from 'zod/mini';

/**
 * What is read of the answers of functions, which may be of another version: what they have more is
 * kept, words of theirs may be unknown here.
 */
const text = z.string();
const maybe = z.optional(text);
const time = z.iso.datetime();
const maybeTime = z.optional(time);
const texts = z.array(text);

const unreadable = z.array(
  z.looseObject({ key: text, error: z.looseObject({ code: text, message: text }) }),
);

const version = z.looseObject({
  versionId: text,
  labels: texts,
  state: text,
  content: text,
  fingerprint: maybe,
  name: maybe,
  createdAt: maybeTime,
  retainedUntil: maybeTime,
  awaitingSince: maybeTime,
  rejectedSince: maybeTime,
});

const staged = z.looseObject({
  fingerprint: text,
  name: text,
  stagedAt: maybeTime,
  problem: z.optional(z.looseObject({ code: text, message: text })),
});

const consumer = z.looseObject({
  principal: text,
  expires: maybeTime,
  service: maybe,
  standing: maybe,
  since: maybeTime,
  why: maybe,
});

const key = z.looseObject({
  key: text,
  secretArn: text,
  kind: text,
  audience: text,
  owner: text,
  rotationEnabled: z.boolean(),
  rotateEveryDays: z.number(),
  promotedAt: maybeTime,
  dueAt: maybeTime,
  lastCheck: z.optional(z.looseObject({ at: time, verdict: text })),
  lastRotatedAt: maybeTime,
  nextRotationAt: maybeTime,
  lastChangedAt: maybeTime,
  lockedDown: z.boolean(),
  versions: z.array(version),
  staged: z.array(staged),
  consumers: z.optional(z.array(consumer)),
  stagedUnreadable: maybe,
  held: texts,
  todo: texts,
});

const cmk = z.looseObject({
  arn: text,
  state: text,
  rotationEnabled: z.boolean(),
  nextRotationAt: maybeTime,
});

const inventory = z.looseObject({
  environment: text,
  at: time,
  cmk: z.optional(cmk),
  cmkUnreadable: maybe,
  keys: z.array(key),
  unreadable,
  subscriptions: z.array(z.looseObject({ endpoint: text, confirmed: z.boolean() })),
  guard: z.optional(
    z.looseObject({
      latestReadAt: maybeTime,
      unreadable: maybe,
      answer: maybe,
      quarantined: z.optional(z.number()),
    }),
  ),
});

const check = z.looseObject({
  state: text,
  versionId: maybe,
  fingerprint: text,
  name: maybe,
  verdict: text,
  explanation: text,
  remedy: maybe,
  endpoint: text,
  httpStatus: z.optional(z.number()),
});

const verify = z.looseObject({ environment: text, key: text, at: time, checks: z.array(check) });

const match = z.looseObject({ key: text, state: text, versionId: maybe, name: maybe });
const which = z.looseObject({
  environment: text,
  fingerprint: text,
  matches: z.array(match),
  unreadable,
});

const truth = z.looseObject({ text, revoked: text });
const identity = z.looseObject({ versionId: maybe, fingerprint: maybe, name: maybe });

const byHour = z.array(z.looseObject({ hour: time, reads: z.number() }));

const reader = z.looseObject({
  principal: text,
  sessions: texts,
  from: texts,
  userAgents: texts,
  reads: z.number(),
  byVersionId: z.number(),
  first: time,
  last: time,
  known: z.boolean(),
});

const source = z.looseObject({
  kind: text,
  covers: text,
  complete: z.boolean(),
  calls: z.number(),
  bytesScanned: z.optional(z.number()),
  priceUsd: z.optional(z.number()),
});

const assess = z.looseObject({
  truth,
  environment: text,
  key: text,
  leaked: identity,
  at: time,
  hours: z.int().check(z.gte(1), z.lte(2_160)),
  source,
  reads: z.number(),
  first: maybeTime,
  last: maybeTime,
  byHour,
  readers: z.array(reader),
  activity: z.array(z.looseObject({ event: text, principal: text, count: z.number(), last: time })),
  risk: z.looseObject({ level: text, reasons: texts }),
  blind: texts,
});

const principal = z.looseObject({
  principal: text,
  in72Hours: z.number(),
  hours: z.optional(byHour),
  in30Days: z.number(),
  last: maybeTime,
  refusedIn30Days: z.number(),
  lastRefused: maybeTime,
  risk: z.optional(z.number()),
});

const readers = z.looseObject({
  environment: text,
  at: time,
  source: z.extend(source, { since: maybeTime, failure: maybe }),
  keys: z.array(
    z.looseObject({
      key: text,
      since: maybeTime,
      hoursSince: maybeTime,
      consumers: z.array(z.looseObject({ principal: text, expires: maybeTime })),
      readers: z.array(principal),
    }),
  ),
  unreadable,
  quarantined: z.optional(z.array(z.looseObject({ id: text, principal: text, until: time }))),
  quarantinesUnreadable: maybe,
});

const quarantine = z.looseObject({
  id: text,
  denied: z.looseObject({ session: maybe, principal: maybe, address: maybe }),
  principal: text,
  key: maybe,
  score: z.number(),
  reasons: texts,
  eventId: text,
  at: time,
  until: time,
});

const quarantines = z.looseObject({
  environment: text,
  at: time,
  answer: maybe,
  quarantines: z.array(quarantine),
  pending: texts,
});

const release = z.looseObject({
  environment: text,
  at: time,
  reason: text,
  released: quarantine,
  left: texts,
  stillDeniedBy: z.optional(texts),
  untold: z.optional(texts),
});

const emergency = z.looseObject({
  truth,
  environment: text,
  action: text,
  key: maybe,
  scope: maybe,
  dryRun: z.boolean(),
  reason: text,
  at: time,
  tookMs: z.number(),
  leaked: z.optional(identity),
  next: z.optional(identity),
  plan: z.array(z.looseObject({ what: text, doneAt: maybeTime, failed: maybe, later: maybe })),
  contained: z.optional(z.looseObject({ contained: z.boolean(), proof: text })),
  left: texts,
});

export const FORM = {
  inventory,
  verify,
  which,
  assess,
  readers,
  quarantines,
  emergency,
  release,
} as const;

/** How a function of ours, or Lambda for it, tells that it failed. */
export const failure = z.object({
  errorType: z.catch(text, 'no reason given'),
  errorMessage: z.catch(text, ''),
});
