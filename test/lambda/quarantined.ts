import pLimit from 'p-limit';
import { quarantineTable } from '../../lambda/adapters/quarantine-table.ts';
import { quarantineTags } from '../../lambda/adapters/quarantine-tags.ts';
import { guardTable, guardTableName } from '../../lambda/contract.ts';
import { applyEverywhere } from '../../lambda/domain/quarantine/apply.ts';
import { add } from '../../lambda/domain/quarantine/change.ts';
import { type Denied, idOf } from '../../lambda/domain/quarantine/quarantine.ts';
import type { QuarantineReport } from '../../lambda/payloads.ts';
import { FakeAws } from '../aws/fakes/fake-aws.ts';

const HOUR = 3_600_000;
export const NOW = new Date('2026-11-24T00:00:00Z');
export const later = (hours: number, from = NOW) => new Date(from.getTime() + hours * HOUR);

export const INTERN = 'arn:aws:iam::111122223333:role/intern';
export const LAPTOP = 'AROAEXAMPLEINTERN0000:laptop';
export const ADDRESS = '203.0.113.9';

interface Seed extends Omit<Partial<QuarantineReport>, 'at' | 'until'> {
  readonly at?: Date;
  readonly hours?: number;
}

/** As the access guard would begin one. */
export function quarantined(denied: Denied, { at = NOW, hours = 24, ...over }: Seed = {}) {
  return {
    id: idOf(denied),
    denied,
    principal: INTERN,
    key: 'web',
    score: 91,
    reasons: ['read by one to whom the key is not granted'],
    eventId: 'event-1',
    at: at.toISOString(),
    until: later(hours, at).toISOString(),
    ...over,
  } satisfies QuarantineReport;
}

/** What the quarantines of `dev` are kept and applied with. */
export function keeping(aws: FakeAws) {
  const ports = {
    environment: 'dev',
    quarantines: quarantineTable(aws.clients.dynamoDb, guardTableName('dev')),
    quarantineTags: quarantineTags(aws.clients.secretsManager),
    atOnce: pLimit,
    clock: aws.clock,
  };
  const secretsOf = (keys: readonly string[]) =>
    keys.map((key) => ({ key, secretId: `amplitude/dev/${key}` }));
  return {
    ports,
    secretsOf,
    /** The guard adds one that is to last for so many hours, and no more. */
    add: (denied: Denied, seed: Seed = {}, mostAnHour = 20) =>
      add(ports, quarantined(denied, { at: aws.clock.now(), ...seed }), {
        now: aws.clock.now(),
        mostAnHour,
      }),
    /** The tags of these keys' secrets follow, as after that. */
    apply: (keys: readonly string[], slots?: readonly number[]) =>
      applyEverywhere(ports, secretsOf(keys), slots),
    /** The quarantine tags of a key. */
    tagsOf: (key = 'web') =>
      Object.fromEntries(
        Object.entries(aws.secretsManager.tagsOf(`amplitude/dev/${key}`)).filter(([name]) =>
          name.startsWith('amplitude-quarantine-'),
        ),
      ),
  };
}

/** A table and these secrets, and nothing else. */
export function fakeWith(keys: readonly string[] = ['web']) {
  const aws = new FakeAws({ now: NOW });
  aws.dynamoDb.seedTable(guardTableName('dev'), guardTable.id);
  for (const key of keys) aws.secretsManager.seedSecret({ name: `amplitude/dev/${key}`, tags: {} });
  return aws;
}
