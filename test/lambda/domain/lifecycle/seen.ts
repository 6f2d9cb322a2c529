import { KeysError } from '../../../../lambda/domain/errors.ts';
import type { Standing } from '../../../../lambda/domain/hand-over/standing.ts';
import type { KeyDocument } from '../../../../lambda/domain/key-document.ts';
import type { VersionFacts } from '../../../../lambda/domain/key-facts.ts';
import { planSweep } from '../../../../lambda/domain/lifecycle/plan-sweep.ts';
import type { Sighting } from '../../../../lambda/domain/lifecycle/sighting.ts';
import type { ManagedKey } from '../../../../lambda/domain/managed-key.ts';
import type { StagedKey } from '../../../../lambda/domain/ports.ts';
import { fingerprintOf, SecretValue } from '../../../../lambda/domain/secret-value.ts';
import type { Traffic, Verdict } from '../../../../lambda/domain/verdict.ts';

/** The day a sweep looks, in all these tests. */
export const NOW = new Date('2026-11-24T12:00:00Z');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const ago = (milliseconds: number) => new Date(NOW.getTime() - milliseconds);
export const ahead = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);

export const KEY = { first: '1'.repeat(32), second: '2'.repeat(32), third: '3'.repeat(32) };
export const FP = {
  first: fingerprintOf(KEY.first),
  second: fingerprintOf(KEY.second),
  third: fingerprintOf(KEY.third),
};
/** Ids of the versions that hold them. */
export const V = { first: 'aaaaaaaa-1111', second: 'bbbbbbbb-2222', third: 'cccccccc-3333' };

export const label = (until: Date, versionId: string) =>
  `RETAINED-UNTIL-${until.toISOString().replace(/[-:]|\.\d{3}/g, '')}-${versionId.slice(0, 8)}`;

interface VersionSeed {
  readonly labels: readonly string[];
  /** @default no value: AWSPENDING before createSecret */
  readonly key?: string;
  readonly content?: 'placeholder' | 'malformed' | 'unreadable';
  /** @default 45 days before NOW */
  readonly createdAt?: Date;
  readonly document?: Partial<KeyDocument>;
}

export interface Seed {
  readonly versions: Readonly<Record<string, VersionSeed>>;
  readonly staged?: readonly Partial<StagedKey>[];
  readonly verdicts?: Readonly<Record<string, Verdict>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** By `cluster/service`. */
  readonly standings?: Readonly<Record<string, Standing>>;
  readonly managed?: Partial<ManagedKey>;
  readonly secret?: Partial<Sighting['facts']['secret']>;
  readonly reads?: NonNullable<Sighting['reads']>;
  readonly surroundings?: Partial<Sighting['surroundings']>;
  readonly now?: Date;
}

/** Key `web` of `dev`, as a sweep sees it. */
export function seen({ versions, staged = [], tags = {}, now = NOW, ...seed }: Seed): Sighting {
  const labels = Object.entries(versions).map(([id, version]) => [id, version.labels] as const);
  return {
    facts: {
      managed: { ...managed, ...seed.managed },
      secret: {
        arn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:amplitude/dev/web-AbCdEf',
        name: 'amplitude/dev/web',
        rotationEnabled: true,
        schedule: 'rate(90 days)',
        versions: new Map(labels),
        tags: new Map(Object.entries(tags)),
        ...seed.secret,
      },
      versions: Object.entries(versions).map(([id, version]) => versionOf(id, version)),
      staged: staged.map((key) => stagedKey(key)),
    },
    verdicts: new Map(Object.entries(seed.verdicts ?? {})),
    standings: new Map(Object.entries(seed.standings ?? {})),
    surroundings: {
      cmk: {
        arn: 'arn:aws:kms:us-east-1:111122223333:key/1',
        state: 'Enabled',
        rotationEnabled: true,
      },
      subscriptions: [{ endpoint: 'soc@example.com', confirmed: true }],
      addresses: 1,
      ...seed.surroundings,
    },
    project: { organization: 'acme', projectId: '100001', dataResidency: 'US' },
    now,
    ...(seed.reads ? { reads: seed.reads } : {}),
  };
}

const managed: ManagedKey = {
  environment: 'dev',
  name: 'web',
  kind: 'ingestion',
  audience: 'server',
  owner: 'growth',
  verification: 'query',
  retainPreviousDays: 30,
  rotateEveryDays: 90,
  standby: 'always',
  sensitivity: 'normal',
  consumers: [],
};

function versionOf(versionId: string, seed: VersionSeed): VersionFacts {
  const { labels, key, content, createdAt = ago(45 * DAY), document = {} } = seed;
  const of = (reading: VersionFacts['reading']) => ({ versionId, labels, reading });
  if (content === 'unreadable') return of(new KeysError('CMK_UNAVAILABLE', 'the CMK is disabled'));
  if (content === 'placeholder') return of({ content, createdAt });
  if (content === 'malformed') return of({ content, reason: 'it is not JSON', createdAt });
  if (key === undefined) return of({ content: 'empty' });
  const value = new SecretValue(key);
  const known = { kind: 'ingestion' as const, value, name: `web, ${key[0]}`, held: [] };
  return of({ content: 'key', document: { ...known, ...document }, createdAt });
}

function stagedKey({ value = new SecretValue(KEY.third), ...over }: Partial<StagedKey>): StagedKey {
  return { id: value.fingerprint, value, name: 'web, next', stagedAt: ago(DAY), ...over };
}

const endpoint = 'https://developer-api.amplitude.com/v1/events/check-recent-ingestion';

export const accepted = (traffic: Traffic = 'observed'): Verdict => ({
  word: 'accepted',
  check: 'query',
  answer: { endpoint, region: 'US', httpStatus: 200, word: 'known', traffic },
});

export const rejected = (elsewhere: Verdict['word'] = 'rejected'): Verdict => ({
  word: 'rejected',
  check: 'query',
  answer: { endpoint, region: 'US', httpStatus: 401, word: 'invalid_api_key' },
  otherRegion: { region: 'EU', word: elsewhere },
});

export const unknown = (): Verdict => ({
  word: 'unknown',
  check: 'query',
  answer: { endpoint, region: 'US', word: 'timeout' },
});

/** What is at rest: a current key and a retained one, all of it on record, and a standby key. */
export const atRest = (over: Partial<Seed> = {}): Seed => ({
  versions: {
    [V.first]: { labels: ['AWSPREVIOUS', label(ahead(DAY), V.first)], key: KEY.first },
    [V.second]: { labels: ['AWSCURRENT'], key: KEY.second, document: { held: [FP.first] } },
  },
  staged: [{}],
  verdicts: { [FP.third]: accepted() },
  ...over,
  tags: {
    'amplitude-note-promoted': V.second,
    'amplitude-note-staged': FP.third,
    'amplitude-note-checked': `${FP.second} ${ago(HOUR).toISOString()} accepted`,
    ...over.tags,
  },
});

/** The current version of a key at rest. */
export const current = { labels: ['AWSCURRENT'], key: KEY.second, document: { held: [FP.first] } };

export const NOTHING = { notices: [], told: [], transitions: [], actions: [] };
export const plan = (seed: Seed) => planSweep(seen(seed));
export const kinds = (seed: Seed) => plan(seed).notices.map(({ kind }) => kind);
export const words = (seed: Seed) => plan(seed).transitions.map(({ transition }) => transition);
export const move = (step: object) => ({ do: 'move', move: step });

/** All that is said, a line each. */
export const said = (seed: Seed) =>
  plan(seed)
    .notices.flatMap(({ subject, happened, todo = '', details = [] }) => [
      subject,
      happened,
      todo,
      ...details,
    ])
    .join('\n');
