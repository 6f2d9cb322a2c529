import type { ConsumerReport, KeyReadersReport, PrincipalReads } from '../../payloads.ts';
import { DAY, HOUR } from '../key-state.ts';

/** Nobody reads a key for so long: the number of Security Hub's SecretsManager.3. */
export const KEY_UNUSED_DAYS = 90;

/** The first of this worker's hourly reads comes so much later than a period begins, at most. */
const SLACK = 6 * HOUR;

/**
 * `ended`: its time is over, whoever read before. `refused`: it tries and is refused, which a change
 * of the grant may mend.
 */
export type GrantState = 'used' | 'unused' | 'refused' | 'ended' | 'unknown';

export interface JudgedGrant extends ConsumerReport {
  readonly state: GrantState;
  /** In a sentence without its end; empty when used. */
  readonly why: string;
  /** Absent where there are none. */
  readonly reads?: PrincipalReads;
  /** CloudTrail doesn't tell its reads apart from those of others. @default false */
  readonly isHidden?: boolean;
}

export interface UngrantedReader extends PrincipalReads {
  /** Grants by which it may have read, for all that CloudTrail tells; empty: it has none. */
  readonly maybeBy: readonly string[];
}

export interface JudgedReaders {
  readonly grants: readonly JudgedGrant[];
  readonly ungranted: readonly UngrantedReader[];
  /** Nobody at all read the key for 90 days. */
  readonly keyUnused: 'yes' | 'no' | 'unknown';
}

/** Which grants of a key are used, who reads it without one, and whether anybody does. */
export function judgeReaders(
  report: KeyReadersReport,
  now: Date,
  unusedAfterDays: number,
): JudgedReaders {
  const { consumers, readers } = report;
  const granted = consumers.map(({ principal }) => principal);
  return {
    grants: consumers.map((consumer) => judgeGrant(consumer, report, now, unusedAfterDays)),
    ungranted: readers
      .filter(({ principal }) => !granted.includes(principal))
      .map((reader) => ({ ...reader, maybeBy: maybeBy(reader, granted) })),
    keyUnused: keyUnused(report, now),
  };
}

function judgeGrant(
  consumer: ConsumerReport,
  { readers, since }: KeyReadersReport,
  now: Date,
  days: number,
): JudgedGrant {
  const { principal, expires } = consumer;
  const reads = readers.find((reader) => reader.principal === principal);
  const is = (state: GrantState, why: string) => ({
    ...consumer,
    ...(reads ? { reads } : {}),
    state,
    why,
  });
  const hidden = (why: string) => ({ ...is('unknown', why), isHidden: true });
  if (expires && new Date(expires) <= now) return is('ended', `ended on ${day(expires)}`);
  const from = ago(now, days);
  if (reads?.last && reads.last >= from) return is('used', '');
  if (reads?.lastRefused && reads.lastRefused >= from) {
    return is('refused', `AWS refuses its reads, the last on ${day(reads.lastRefused)}`);
  }
  if (!principal.startsWith('arn:')) {
    return hidden('CloudTrail tells no tags of a reader, so its reads are among the others');
  }
  const elsewhere = readers.find((one) => one.principal === accountOf(principal) && one.last);
  if (elsewhere) {
    const account = elsewhere.principal;
    return hidden(`of readers of account ${account}, CloudTrail here tells the account alone`);
  }
  if (!covers(since, now, days)) {
    return is('unknown', since ? `reads are known since ${day(since)} only` : 'no reads are known');
  }
  const last = reads?.last ? ` (last on ${day(reads.last)})` : '';
  return is(
    'unused',
    `not read for ${days} ${days === 1 ? 'day' : 'days'}${last}, or granted since`,
  );
}

/** A refused reader got in by no grant. */
function maybeBy({ principal, last }: PrincipalReads, granted: readonly string[]): string[] {
  if (!last) return [];
  return granted.filter((one) => !one.startsWith('arn:') || accountOf(one) === principal);
}

function keyUnused({ readers, since }: KeyReadersReport, now: Date): JudgedReaders['keyUnused'] {
  const from = ago(now, KEY_UNUSED_DAYS);
  if (readers.some(({ last }) => last && last >= from)) return 'no';
  return covers(since, now, KEY_UNUSED_DAYS) ? 'yes' : 'unknown';
}

/** Whether all reads of so many days were seen. */
export const covers = (since: string | undefined, now: Date, days: number) =>
  since !== undefined && new Date(since).getTime() <= now.getTime() - days * DAY + SLACK;

const ago = (now: Date, days: number) => new Date(now.getTime() - days * DAY).toISOString();

/**
 * In the trail of the secret's account, a reader of another one has no ARN.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
const accountOf = (arn: string) => arn.split(':')[4];

const day = (time: string) => time.slice(0, 10);
