import {
  type JudgedGrant,
  type JudgedReaders,
  judgeReaders,
  KEY_UNUSED_DAYS,
} from '../../lambda/domain/readers/judge-readers.ts';
import type { KeyReadersReport, ReadersReport } from '../../lambda/payloads.ts';
import type { EnvironmentConfig } from '../../lib/config.ts';
import type { ConsumerValues, EnvironmentValues } from '../../lib/environment-values.ts';
import { endOf, principalOf } from '../../lib/grants.ts';
import { expanded, named, written } from './environments-text.ts';
import { harmless } from './key-like.ts';

/** The environment as deployed from here: its configuration, and as its file writes it. */
export interface Declared {
  readonly config: EnvironmentConfig;
  readonly values: EnvironmentValues;
  readonly file: string;
  /** Of AWS: `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
}

/** Something to take back, and the lines that go from the file. */
export interface Proposal {
  /** What, and why: sentences. */
  readonly text: string;
  readonly change?: {
    readonly file: string;
    /** `prod.keys.server.consumers` */
    readonly at: string;
    readonly remove: readonly string[];
  };
}

export interface Grant extends JudgedGrant {
  /** Of the configuration; absent where that doesn't have the grant. */
  readonly purpose?: string;
}

export interface KeyReaders extends Omit<JudgedReaders, 'grants'> {
  readonly key: string;
  readonly since?: string;
  readonly hoursSince?: string;
  readonly grants: readonly Grant[];
  readonly proposals: readonly Proposal[];
}

/** Who reads each key, and what may be taken back. */
export const judged = (
  report: ReadersReport,
  declared: Declared,
  unusedDays: number,
): KeyReaders[] =>
  report.keys.map((key) => judgedKey(key, declared, new Date(report.at), unusedDays));

function judgedKey(
  report: KeyReadersReport,
  declared: Declared,
  now: Date,
  unusedDays: number,
): KeyReaders {
  const { grants: all, ungranted, keyUnused } = judgeReaders(report, now, unusedDays);
  const written = all.map((grant) => ({
    grant,
    found: consumerOf(declared, report.key, grant, all),
  }));
  const grants = written.map(({ grant, found }) => ({
    ...grant,
    ...(found ? { purpose: found.consumer.purpose } : {}),
  }));
  const reclaimed = written.filter(({ grant }) => ['unused', 'ended'].includes(grant.state));
  return {
    key: report.key,
    ...(report.since ? { since: report.since } : {}),
    ...(report.hoursSince ? { hoursSince: report.hoursSince } : {}),
    grants,
    ungranted,
    keyUnused,
    proposals: [
      ...reclaimed.map(({ grant, found }) => reclaimGrant(declared, report.key, grant, found)),
      ...(keyUnused === 'yes' ? [removeKey(declared, report.key)] : []),
    ],
  };
}

interface Found {
  readonly consumer: ConsumerValues;
  /** Or else among the defaults. */
  readonly isOwn: boolean;
}

/**
 * A consumer of the configuration, and where its file writes it. A tag granted in several accounts
 * is one principal: then the end tells which, and the order.
 */
function consumerOf(
  { config, values, partition }: Declared,
  key: string,
  grant: JudgedGrant,
  all: readonly JudgedGrant[],
): Found | undefined {
  const { consumers = [] } = config.keys.find(({ name }) => name === key) ?? {};
  const same = consumers.filter(
    (consumer) => harmless(principalOf(consumer, partition)) === grant.principal,
  );
  const isAlike = ({ principal, expires }: JudgedGrant) =>
    principal === grant.principal && expires === grant.expires;
  const alike = same.filter((consumer) => endOf(consumer)?.toISOString() === grant.expires);
  const found = alike[all.filter(isAlike).indexOf(grant)] ?? same[0];
  const index = found ? consumers.indexOf(found) : -1;
  const own = Object.hasOwn(values.keys, key) ? values.keys[key]?.consumers : undefined;
  const consumer: ConsumerValues | undefined = (own ?? values.keyDefaults?.consumers)?.[index];
  return consumer && { consumer, isOwn: own !== undefined };
}

function reclaimGrant(
  declared: Declared,
  key: string,
  { principal, why }: JudgedGrant,
  found: Found | undefined,
): Proposal {
  const { file, config } = declared;
  const text = `Reclaim the grant of ${key} to ${principal}: ${why}.`;
  if (!found) {
    return { text: `${text} ${file} doesn't have it any more: a deployment takes it back.` };
  }
  const at = found.isOwn ? `keys.${key}` : 'keyDefaults';
  const indent = found.isOwn ? 10 : 8;
  return {
    text: found.isOwn
      ? text
      : `${text} It is among the defaults: what goes there, goes from every key without consumers of its own.`,
    change: {
      file,
      at: `${config.name}.${at}.consumers`,
      remove: written(found.consumer, ' '.repeat(indent)),
    },
  };
}

function removeKey({ config, values, file }: Declared, key: string): Proposal {
  const unused = `Nobody but this worker read ${key} for ${KEY_UNUSED_DAYS} days.`;
  const own = Object.hasOwn(values.keys, key) ? values.keys[key] : undefined;
  if (!own) {
    return {
      text: `${unused} ${file} doesn't have it: its secret is left, and nothing deletes it.`,
    };
  }
  const paired = config.keys.filter(({ pairedWith }) => pairedWith === key);
  const others =
    paired.length > 0 ? ` ${paired.map(({ name }) => name).join(', ')} is paired with it.` : '';
  return {
    text: `${unused} If it is not needed, take it out: its schedule and policy go, its secret with every version stays until you delete it in Secrets Manager, and the key stays valid until you revoke it at Amplitude.${others}`,
    change: {
      file,
      at: `${config.name}.keys`,
      remove: expanded(own, ' '.repeat(6), `${named(key)}: `),
    },
  };
}
