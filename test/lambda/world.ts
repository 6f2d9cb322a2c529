import { DescribeKeyCommand, DisableKeyCommand, EnableKeyCommand } from '@aws-sdk/client-kms';
import {
  PutSecretValueCommand,
  RotateSecretCommand,
  UntagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { createAccessGuardRuntime } from '../../lambda/access-guard-runtime.ts';
import type { Credentials } from '../../lambda/adapters/probe.ts';
import { createAssessRuntime } from '../../lambda/assess-runtime.ts';
import {
  functionName,
  GUARD_NOUN,
  type GuardRules,
  guardTable,
  guardTableName,
  probeRoleName,
  type RelaySettings,
  stagedName,
  tag,
  trailGroupName,
  usageGroupName,
  variable,
} from '../../lambda/contract.ts';
import type { UsageLine } from '../../lambda/domain/access-guard/usage-line.ts';
import { KeysError } from '../../lambda/domain/errors.ts';
import { fingerprintOf } from '../../lambda/domain/secret-value.ts';
import type { Transition } from '../../lambda/domain/transition.ts';
import { createEmergencyRuntime } from '../../lambda/emergency-runtime.ts';
import { accessGuard } from '../../lambda/handlers/access-guard.ts';
import { emergency } from '../../lambda/handlers/emergency.ts';
import { inspect } from '../../lambda/handlers/inspect.ts';
import { lifecycle } from '../../lambda/handlers/lifecycle.ts';
import { rotation as rotate } from '../../lambda/handlers/rotation.ts';
import { createLifecycleRuntime } from '../../lambda/lifecycle-runtime.ts';
import type { EmergencyReport, ReleaseReport } from '../../lambda/payloads.ts';
import { worker } from '../../lambda/worker.ts';
import { AmplitudeStandIn } from '../amplitude.ts';
import { FakeAws } from '../aws/fakes/fake-aws.ts';
import { batchOf, type CloudTrailRecord } from '../aws/recorded/cloudtrail.ts';
import { GUARD_RULES } from './guard-rules.ts';
import { relayIn, seedRelay } from './relay.ts';

export const KEYS = {
  first: '1'.repeat(32),
  second: '2'.repeat(32),
  third: '3'.repeat(32),
  fourth: '4'.repeat(32),
} as const;
export const FINGERPRINTS = Object.fromEntries(
  Object.entries(KEYS).map(([name, key]) => [name, fingerprintOf(key)]),
) as Record<keyof typeof KEYS, string>;

const HOUR = 3_600_000;
const rotation = {
  lambdaArn: 'arn:aws:lambda:us-east-1:111122223333:function:rotation',
  days: 90,
};
export const DEPLOY_ROLE =
  'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1';
export const BREAK_GLASS = 'arn:aws:iam::111122223333:role/AmplitudeKeys-dev-break-glass';
const START = new Date('2026-11-24T00:00:00Z');

export interface WorldOptions {
  /** Does the service take AWSPENDING off at the end of a rotation? Sources disagree. */
  readonly takesPendingOff?: boolean;
  /** Value of amplitude/dev/web. @default a document with the first key */
  readonly value?: string | undefined;
  readonly tags?: Readonly<Record<string, string>>;
  /** `cluster/service` of ECS services that are consumers of `web`. @default none */
  readonly services?: readonly string[];
  /** @default 90 */
  readonly rotateEveryDays?: number;
  /** Encrypt with a CMK that `disableCmk` disables. @default false */
  readonly cmk?: boolean;
  /** Rules of the access guard, where there is one. */
  readonly guard?: Partial<GuardRules>;
  /** Settings of the relay, where there is one. */
  readonly relay?: Partial<RelaySettings>;
  /** Path of the access guard's database of countries. @default none is supplied */
  readonly geoDatabase?: string;
}

export type World = Awaited<ReturnType<typeof createWorld>>;

/** The functions wired to strict fakes and to a stand-in for Amplitude, with key `web` of `dev`. */
export async function createWorld({ takesPendingOff = false, ...options }: WorldOptions = {}) {
  const amplitude = await AmplitudeStandIn.start();
  const printed: string[] = [];
  const giveConsoleBack = takeConsole((line) => printed.push(line));
  const aws = new FakeAws({ now: START, takesPendingOff });
  const topicArn = aws.sns.seedTopic('amplitude-dev');
  const KeyId = aws.kms.seedKey({ rotationDays: 365 });
  aws.logs.seedGroup(trailGroupName('dev'));
  aws.logs.seedGroup(usageGroupName('dev'));
  aws.dynamoDb.seedTable(guardTableName('dev'), guardTable.id);
  const relayParts = options.relay ? seedRelay(aws, options.relay) : undefined;
  const variables = {
    ...relayParts?.variables,
    [variable.environment]: 'dev',
    [variable.organization]: 'acme',
    [variable.projectId]: '100001',
    [variable.dataResidency]: 'US',
    [variable.endpoints]: JSON.stringify(amplitude.endpoints),
    [variable.topicArn]: topicArn,
    [variable.keysCmkArn]: KeyId,
    [variable.probeRoleArn]: aws.iam.seedRole({
      name: probeRoleName('dev'),
      reads: ['amplitude/dev/*'],
    }),
    [variable.notificationFormat]: 'text',
    [variable.addresses]: '0',
    [variable.cloudTrailLogGroup]: '',
    [variable.reclaimAfterDays]: '30',
    [variable.guardRules]: options.guard
      ? JSON.stringify({ ...GUARD_RULES, ...options.guard })
      : '',
    [variable.deployRoleArn]: DEPLOY_ROLE,
    [variable.geoDatabase]: options.geoDatabase ?? '',
    [variable.breakGlassRoleArn]: BREAK_GLASS,
  };
  const wiring = {
    clients: aws.clients,
    clock: aws.clock,
    variables,
    vendorBackoffMs: 0,
    vendorTimeoutMs: 5_000,
    awsBackoffMs: 0,
    connectAs: (credentials: Credentials) => aws.connectAs(credentials),
    sleep: async (milliseconds: number) => aws.clock.advance(milliseconds),
  };
  const build = () => createLifecycleRuntime(wiring);
  const emergencyHandler = worker('emergency', emergency, () => createEmergencyRuntime(wiring));
  aws.functions.set(functionName('dev', 'emergency'), emergencyHandler);
  const inspectHandler = worker('inspect', inspect, () => createAssessRuntime(wiring));
  aws.functions.set(functionName('dev', 'inspect'), inspectHandler);
  const startGuard = () => worker(GUARD_NOUN, accessGuard, () => createAccessGuardRuntime(wiring));
  const guardHandler = startGuard();
  const lifecycleHandler = worker('lifecycle', lifecycle, build);
  const rotationHandler = worker('rotation', rotate, build);
  const relay = relayParts ? relayIn(aws, relayParts, wiring) : undefined;
  let read = 0;
  let invocations = 0;
  aws.secretsManager.onRotate = rotationHandler;
  const kms = options.cmk ? { kmsKeyId: KeyId } : {};
  const days = options.rotateEveryDays ?? rotation.days;
  const { services = [] } = options;
  for (const service of services) aws.ecs.seedService(service);
  const more = { ...consumerTags(services), ...options.tags };
  const tags = tagsOf('web', { [tag.rotateEveryDays]: String(days), ...more });
  const secret = { name: 'amplitude/dev/web', tags, ...kms };
  const value = 'value' in options ? options.value : documentOf(KEYS.first);
  aws.secretsManager.seedSecret({
    ...secret,
    ...(value === undefined ? {} : { value }),
    rotation: { ...rotation, days },
  });
  amplitude.generate(KEYS.first);

  return {
    aws,
    amplitude,
    variables,
    /** Everything the functions wrote: log lines and metrics. */
    printed,
    rotationHandler,
    inspectHandler,
    guardHandler,
    /** The queue hands these records to the access guard, in one batch. */
    deliver(...records: readonly CloudTrailRecord[]) {
      invocations += 1;
      return guardHandler(batchOf(records), { awsRequestId: `request-${invocations}` });
    },
    /** Another container of the access guard, by the settings of now. */
    anotherGuard() {
      const handler = startGuard();
      return (...records: readonly CloudTrailRecord[]) => {
        invocations += 1;
        return handler(batchOf(records), { awsRequestId: `request-${invocations}` });
      };
    },
    /** Lines of the usage record, by time. */
    uses: (): UsageLine[] =>
      aws.logs.messagesOf(usageGroupName('dev')).map((line) => JSON.parse(line)),
    keysCmkArn: KeyId,
    /** Of a world that was made with one; a getter would be called by whoever spreads the world. */
    relay: relay as NonNullable<typeof relay>,
    lifecycleHandler,
    emergencyHandler: emergencyHandler as (event: unknown) => Promise<EmergencyReport>,
    /** The same function, asked to end a quarantine. */
    release: (quarantine: string, more: object = {}) =>
      emergencyHandler({
        action: 'release',
        quarantine,
        reason: 'it was ours',
        caller: 'ann',
        ...more,
      }) as Promise<ReleaseReport>,
    /** A function that hasn't run yet soon gives up on an Amplitude that doesn't answer. */
    losePatience(milliseconds = 50) {
      wiring.vendorTimeoutMs = milliseconds;
    },
    /** One hourly sweep, and the rotations that it starts. */
    async sweep(): Promise<unknown> {
      const failure = await errorOf(lifecycleHandler({}));
      return failure ?? errorOf(aws.settled());
    },
    /** Sweeps every hour until so much time is over. */
    async pass(milliseconds: number) {
      for (let left = milliseconds; left > 0; left -= HOUR) {
        aws.clock.advance(HOUR);
        await this.sweep();
      }
    },
    seedKey(key: string, seed: { value?: string; tags?: Readonly<Record<string, string>> } = {}) {
      const { value = documentOf(KEYS.fourth) } = seed;
      aws.secretsManager.seedSecret({
        name: `amplitude/dev/${key}`,
        tags: tagsOf(key, seed.tags),
        value,
        rotation,
      });
    },
    /** Lines of the audit trail. */
    trail: (): Transition[] =>
      aws.logs.messagesOf(trailGroupName('dev')).map((line) => JSON.parse(line)),
    /** Subjects of the messages since the last call. */
    mail(): string[] {
      const fresh = aws.sns.published.slice(read);
      read = aws.sns.published.length;
      return fresh.map(({ subject = '' }) => subject);
    },
    /** As keyctl stages; Amplitude knows the key unless told otherwise. */
    async stage(key: string, { name = 'web, next', known = true, as = fingerprintOf(key) } = {}) {
      if (known) amplitude.generate(key);
      const Name = stagedName('dev', 'web', as);
      const Value = JSON.stringify({ key, name });
      const secure = {
        Name,
        Value,
        Type: 'SecureString' as const,
        ...(options.cmk ? { KeyId } : {}),
      };
      await aws.clients.ssm.send(new PutParameterCommand(secure));
    },
    async takeOff(RemoveFromVersionId: string, VersionStage: string) {
      const input = { SecretId: 'amplitude/dev/web', RemoveFromVersionId, VersionStage };
      await aws.clients.secretsManager.send(new UpdateSecretVersionStageCommand(input));
    },
    async untag(key: string) {
      const input = { SecretId: 'amplitude/dev/web', TagKeys: [key] };
      await aws.clients.secretsManager.send(new UntagResourceCommand(input));
    },
    /** AWSCURRENT moved by hand. */
    async moveCurrent(MoveToVersionId: string, RemoveFromVersionId: string) {
      const input = { SecretId: 'amplitude/dev/web', VersionStage: 'AWSCURRENT' };
      const move = { ...input, MoveToVersionId, RemoveFromVersionId };
      await aws.clients.secretsManager.send(new UpdateSecretVersionStageCommand(move));
    },
    async isCmkOn() {
      const { KeyMetadata } = await aws.clients.kms.send(new DescribeKeyCommand({ KeyId }));
      return KeyMetadata?.KeyState === 'Enabled';
    },
    async enableCmk() {
      await aws.clients.kms.send(new EnableKeyCommand({ KeyId }));
    },
    async putOn(MoveToVersionId: string, VersionStage: string) {
      const input = { SecretId: 'amplitude/dev/web', MoveToVersionId, VersionStage };
      await aws.clients.secretsManager.send(new UpdateSecretVersionStageCommand(input));
    },
    async putPending(ClientRequestToken: string | undefined, SecretString: string) {
      const version = { ClientRequestToken, SecretString, VersionStages: ['AWSPENDING'] };
      const input = { SecretId: 'amplitude/dev/web', ...version };
      await aws.clients.secretsManager.send(new PutSecretValueCommand(input));
    },
    async disableCmk() {
      await aws.clients.kms.send(new DisableKeyCommand({ KeyId }));
    },
    async unstage(key: string) {
      const Name = stagedName('dev', 'web', fingerprintOf(key));
      await aws.clients.ssm.send(new DeleteParameterCommand({ Name }));
    },
    /** RotateSecret and the four steps it leads to; the failed step's error, if any. */
    async rotate(RotateImmediately = true): Promise<unknown> {
      const input = { SecretId: 'amplitude/dev/web', RotateImmediately };
      await aws.clients.secretsManager.send(new RotateSecretCommand(input));
      return errorOf(aws.settled());
    },
    async retry(): Promise<unknown> {
      return errorOf(aws.secretsManager.retryRotation('amplitude/dev/web'));
    },
    labels: () => aws.secretsManager.versionsOf('amplitude/dev/web'),
    /** The key of a version. */
    keyOf(versionId: string): string | undefined {
      const [label = ''] = aws.secretsManager.versionsOf('amplitude/dev/web')[versionId] ?? [];
      return this.keyAt(label);
    },
    /** The key that a reader of this label gets. */
    keyAt(label: string): string | undefined {
      const text = aws.secretsManager.valueOf('amplitude/dev/web', label);
      return text === undefined ? undefined : JSON.parse(text).apiKey;
    },
    async close() {
      giveConsoleBack();
      await amplitude.stop();
    },
  };
}

/** Whatever is written through the console goes to `line`, until the answer is called. */
function takeConsole(line: (text: string) => void): () => void {
  const { debug, info, log, warn, error } = console;
  const write = (...words: unknown[]) => line(words.map(String).join(' '));
  Object.assign(console, { debug: write, info: write, log: write, warn: write, error: write });
  return () => void Object.assign(console, { debug, info, log, warn, error });
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error instanceof KeysError ? error.code : error;
  }
}

export const documentOf = (apiKey: string, more: object = { held: [] }) =>
  JSON.stringify({ apiKey, name: 'web, first', ...more });

const consumerTags = (services: readonly string[]) =>
  Object.fromEntries(
    services.flatMap((service, index) => [
      [tag.consumer(index + 1), `arn:aws:iam::111122223333:role/${service.split('/')[1]}`],
      [tag.consumerEcs(index + 1), service],
    ]),
  );

export function tagsOf(key: string, over: Readonly<Record<string, string>> = {}) {
  return {
    [tag.environment]: 'dev',
    [tag.key]: key,
    [tag.kind]: 'ingestion',
    [tag.audience]: 'server',
    [tag.owner]: 'growth',
    [tag.verification]: 'query',
    [tag.retainPreviousDays]: '30',
    [tag.rotateEveryDays]: '90',
    [tag.standby]: 'always',
    ...over,
  };
}
