import { DisableKeyCommand } from '@aws-sdk/client-kms';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { createAssessRuntime } from '../../../lambda/assess-runtime.ts';
import {
  keyAlias,
  secretName,
  stagedName,
  tag,
  trailGroupName,
  variable,
} from '../../../lambda/contract.ts';
import { fingerprintOf } from '../../../lambda/domain/secret-value.ts';
import { inspect } from '../../../lambda/handlers/inspect.ts';
import { rotation } from '../../../lambda/handlers/rotation.ts';
import { createRotationRuntime } from '../../../lambda/rotation-runtime.ts';
import { worker } from '../../../lambda/worker.ts';
import type { AmplitudeStandIn } from '../../amplitude.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

export interface KeySeed {
  readonly name: string;
  /** JSON of the secret. */
  readonly value: string;
  readonly pairedWith?: string;
  readonly audience?: 'server' | 'browser';
  /** Principals, and `cluster/service` of those that are ECS services. */
  readonly consumers?: Readonly<Record<string, string | undefined>>;
}

const consumersOf = (consumers: NonNullable<KeySeed['consumers']>) =>
  Object.fromEntries(
    Object.entries(consumers).flatMap(([principal, service], index) => [
      [tag.consumer(index + 1), principal],
      ...(service ? [[tag.consumerEcs(index + 1), service]] : []),
    ]),
  );

/** One deployed environment: its secrets in strict fakes, its functions the real handlers. */
export class Stack {
  readonly aws: FakeAws;
  readonly environment: string;
  failingStep: string | undefined;
  readonly #cmk: string;

  constructor(environment: string, region: string, now: Date, amplitude: AmplitudeStandIn) {
    this.environment = environment;
    this.aws = new FakeAws({ now, region });
    this.#cmk = this.aws.kms.seedKey({ alias: keyAlias(environment), rotationDays: 365 });
    this.aws.logs.seedGroup(trailGroupName(environment));
    const topicArn = this.aws.sns.seedTopic(`amplitude-${environment}`);
    const variables = {
      [variable.environment]: environment,
      [variable.organization]: 'acme',
      [variable.projectId]: '100001',
      [variable.dataResidency]: 'US',
      [variable.endpoints]: JSON.stringify(amplitude.endpoints),
      [variable.topicArn]: topicArn,
      [variable.keysCmkArn]: this.#cmk,
      [variable.notificationFormat]: 'text',
      [variable.addresses]: '0',
    };
    const { clients, clock } = this.aws;
    const sleep = async (milliseconds: number) => clock.advance(milliseconds);
    const vendor = { vendorBackoffMs: 0, vendorTimeoutMs: 5_000 };
    const wiring = { clients, clock, variables, sleep, ...vendor };
    const build = () => createAssessRuntime(wiring);
    const rotate = worker('rotation', rotation, () => createRotationRuntime(wiring));
    this.aws.secretsManager.onRotate = async (event) => {
      if (event.Step === this.failingStep) throw new Error(`${event.Step} fails for the test`);
      return rotate(event);
    };
    this.aws.functions.set(`amplitude-${environment}-inspect`, worker('inspect', inspect, build));
  }

  seed({ name, value, pairedWith, audience = 'server', consumers = {} }: KeySeed): void {
    for (const service of Object.values(consumers)) if (service) this.aws.ecs.seedService(service);
    this.aws.secretsManager.seedSecret({
      name: secretName(this.environment, name),
      value,
      kmsKeyId: keyAlias(this.environment),
      tags: {
        [tag.environment]: this.environment,
        [tag.key]: name,
        [tag.kind]: pairedWith ? 'secret' : 'ingestion',
        [tag.audience]: audience,
        [tag.owner]: 'growth',
        [tag.verification]: 'query',
        [tag.retainPreviousDays]: '30',
        [tag.rotateEveryDays]: '90',
        [tag.standby]: 'always',
        ...(pairedWith ? { [tag.pairedWith]: pairedWith } : {}),
        ...consumersOf(consumers),
      },
      rotation: { lambdaArn: 'arn:aws:lambda:us-east-1:111122223333:function:r', days: 90 },
    });
  }

  /** Straight into the store, as keyctl would write it. */
  async stage(key: string, value: string, name = `${key}, next`): Promise<void> {
    const Name = stagedName(this.environment, key, fingerprintOf(value));
    const Value = JSON.stringify({ key: value, name });
    const input = { Name, Value, Type: 'SecureString' as const, KeyId: keyAlias(this.environment) };
    await this.aws.clients.ssm.send(new PutParameterCommand(input));
  }

  async disableCmk(): Promise<void> {
    await this.aws.clients.kms.send(new DisableKeyCommand({ KeyId: this.#cmk }));
  }

  /** The key that the parameter of this fingerprint holds, decrypted. */
  staged(key: string, value: string): { key: string; name: string } | undefined {
    const text = this.aws.ssm.valueOf(stagedName(this.environment, key, fingerprintOf(value)));
    return text === undefined ? undefined : JSON.parse(text);
  }

  current(key: string): string | undefined {
    const text = this.aws.secretsManager.valueOf(secretName(this.environment, key), 'AWSCURRENT');
    return text === undefined ? undefined : JSON.parse(text).apiKey;
  }
}
