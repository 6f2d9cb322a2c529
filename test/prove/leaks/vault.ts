import { PutParameterCommand } from '@aws-sdk/client-ssm';
import {
  keyAlias,
  relayFailure,
  relaySecretField,
  relayTokenName,
  secretName,
  stagedName,
  tag,
  trailGroupName,
  variable,
} from '../../../lambda/contract.ts';
import { fingerprintOf } from '../../../lambda/domain/secret-value.ts';
import { createWorld, type World } from '../../lambda/world.ts';
import type { Canaries } from './canary.ts';

export interface VaultOptions {
  /** Has a person written keys where names and fingerprints belong? @default false */
  readonly pasted?: boolean;
  /** Is a key staged for `web`? @default true */
  readonly staged?: boolean;
  /** Is it one that Amplitude doesn't know, or knows in the other region? @default 'accepted' */
  readonly stagedIs?: 'accepted' | 'rejected' | 'elsewhere';
  /** Does a dead rotation hold one as AWSPENDING? @default false */
  readonly pending?: boolean;
  /** How notices are written. @default 'text' */
  readonly format?: 'text' | 'chat';
  /** @default 'query' */
  readonly verification?: 'query' | 'canary';
  /** Does an assessment ask Logs Insights? @default false: CloudTrail's event history */
  readonly insights?: boolean;
  /** Is there an access guard, whose every rule finds something, and which quarantines for little? @default false */
  readonly guarded?: boolean;
  /** Is there a relay, some of whose events failed, with keys wherever there is room? @default false */
  readonly relayed?: boolean;
}

const WEB = secretName('dev', 'web');
const CLOUD_TRAIL = 'cloudtrail';
const GUARD = {
  mostReads: 2,
  deniedRanges: ['192.0.2.0/24'],
  answer: 'quarantine',
  notifyAt: 1,
  quarantineAt: 1,
  mostQuarantinesAnHour: 20,
} as const;

/**
 * An environment whose every state of a key is held by a canary: `web` with its whole life, its
 * secret key `export`, and `broken` and `bare`, whose values are no documents.
 */
export async function openVault(canaries: Canaries, options: VaultOptions = {}): Promise<World> {
  const { format = 'text', verification = 'query', insights = false } = options;
  const documents = documentsOf(canaries, options.pasted ?? false);
  const world = await createWorld({
    value: documents.ingestion('current'),
    tags: { [tag.verification]: verification },
    services: ['dify/web'],
    ...(options.guarded ? { guard: GUARD } : {}),
    ...(options.relayed ? { relay: {} } : {}),
  });
  world.variables[variable.notificationFormat] = format;
  if (insights) {
    world.aws.logs.seedCloudTrail(CLOUD_TRAIL);
    world.variables[variable.cloudTrailLogGroup] = CLOUD_TRAIL;
  }
  world.aws.kms.seedKey({ alias: keyAlias('dev') });
  seedWeb(world, documents, options);
  seedOthers(world, canaries, documents);
  seedReads(world, canaries, options.pasted ?? false);
  if (options.relayed) seedFailed(world, canaries);
  for (const word of ['current', 'previous', 'retained', 'staged']) {
    world.amplitude.generate(canaries.key(word));
  }
  world.amplitude.generate(canaries.key('current'), 'US', canaries.key('secret'));
  world.amplitude.generate(canaries.key('elsewhere'), 'EU');
  if (options.staged ?? true) await stage(world, canaries, options);
  world.aws.resetCalls();
  return world;
}

type Documents = ReturnType<typeof documentsOf>;

function documentsOf(canaries: Canaries, pasted: boolean) {
  const more = (word: string) => ({
    name: pasted ? `web ${canaries.key(`name of ${word}`)}` : `web, ${word}`,
    held: pasted ? [canaries.key(`held before ${word}`)] : [],
  });
  return {
    ingestion: (word: string) => JSON.stringify({ apiKey: canaries.key(word), ...more(word) }),
    secret: (word: string) => JSON.stringify({ secretKey: canaries.key(word), ...more(word) }),
    staged: (word: string) =>
      JSON.stringify({ key: canaries.key(word), name: more(`staged ${word}`).name }),
  };
}

/** Every state that a version can be in. */
function seedWeb({ aws }: World, documents: Documents, { pending, pasted }: VaultOptions): void {
  const put = (word: string, ...labels: string[]) =>
    aws.secretsManager.putByHand(WEB, documents.ingestion(word), labels);
  put('previous', 'AWSPREVIOUS', 'RETAINED-UNTIL-20261220T000000Z-aaaaaaaa');
  put('retained', 'RETAINED-UNTIL-20261210T000000Z-bbbbbbbb');
  put('expired', 'RETAINED-UNTIL-20261101T000000Z-cccccccc');
  put('awaiting', 'AWAITING-REVOCATION-dddddddd');
  put('compromised', 'COMPROMISED-20261120T000000Z-eeeeeeee', 'AWAITING-REVOCATION-eeeeeeee');
  if (pasted) put('foreign', 'put-by-hand');
  if (pending) put('pending', 'AWSPENDING');
}

function seedOthers(world: World, canaries: Canaries, documents: Documents): void {
  const kinds = { [tag.kind]: 'secret', [tag.pairedWith]: 'web' };
  world.seedKey('export', { value: documents.secret('secret'), tags: kinds });
  const torn = `{"apiKey":"${canaries.key('torn')}"`;
  world.seedKey('broken', { value: torn });
  world.seedKey('bare', { value: canaries.key('bare') });
  const twice = { apiKey: canaries.key('one of two'), secretKey: canaries.key('two of two') };
  world.seedKey('twice', { value: JSON.stringify(twice) });
  const odd = { apiKey: canaries.key('odd').toUpperCase(), held: 'none' };
  world.seedKey('odd', { value: JSON.stringify(odd) });
}

/** Whoever reads may call himself and his program what he likes. */
function seedReads({ aws }: World, canaries: Canaries, pasted: boolean): void {
  const word = (name: string, key: string) => (pasted ? canaries.key(key) : name);
  const roleArn = 'arn:aws:iam::111122223333:role/backend';
  const by = { roleArn, session: word('task-1', 'name of a session') };
  const at = new Date(aws.clock.now().getTime() - 3_600_000);
  const userAgent = `app/1.0 ${word('curl', 'user agent')}`;
  aws.cloudTrail.seedRead({ secretId: WEB, by, at, userAgent });
  aws.cloudTrail.seedRead({ secretId: WEB, by, at, userAgent, versionStage: 'AWSPREVIOUS' });
}

/** A token that looks like a key, and failed events whose every attribute is one. */
function seedFailed({ aws, relay }: World, canaries: Canaries): void {
  const token = { [relaySecretField.token]: canaries.key('token') };
  aws.secretsManager.putByHand(relayTokenName('dev'), JSON.stringify(token));
  const StringValue = canaries.key('failed');
  const text = { DataType: 'String', StringValue };
  const { reason, failedAt } = relayFailure;
  for (const attributes of [{}, { [reason]: text }, { [reason]: text, [failedAt]: text }]) {
    relay.failed.send({ body: StringValue, attributes });
  }
}

async function stage(
  world: World,
  canaries: Canaries,
  { stagedIs = 'accepted', pasted }: VaultOptions,
) {
  const { staged } = documentsOf(canaries, pasted ?? false);
  const word = stagedIs === 'accepted' ? 'staged' : stagedIs;
  await putParameter(world, 'web', fingerprintOf(canaries.key(word)), staged(word));
  const next = fingerprintOf(canaries.key('next secret'));
  await putParameter(world, 'export', next, staged('next secret'));
  world.amplitude.generate(canaries.key('current'), 'US', canaries.key('next secret'));
  const loud = canaries.key('loud').toUpperCase();
  await putParameter(world, 'bare', fingerprintOf(loud), loud);
  await putParameter(world, 'odd', 'by-hand', `${canaries.key('spaced')} `);
}

async function putParameter({ aws }: World, key: string, id: string, Value: string) {
  const input = { Name: stagedName('dev', key, id), Value, Type: 'SecureString' as const };
  await aws.clients.ssm.send(new PutParameterCommand(input));
}

/** Lines of the audit trail as they were written. */
export const trailOf = ({ aws }: World) => aws.logs.messagesOf(trailGroupName('dev'));
