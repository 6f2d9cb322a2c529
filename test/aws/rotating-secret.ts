import {
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { FakeAws } from './fakes/fake-aws.ts';
import type { RotationEvent, RotationFunction, Step } from './fakes/rotation-service.ts';

export const NOW = new Date('2026-11-24T00:00:00Z');
export const DAY = 86_400_000;
export const SecretId = 'amplitude/dev/web';
export const lambdaArn = 'arn:aws:lambda:us-east-1:111122223333:function:rotation';

type Hooks = Partial<Record<Step, RotationFunction>>;

/** A secret on a 90-day schedule, with a rotation function that works. */
export class RotatingSecret {
  readonly aws: FakeAws;
  readonly events: RotationEvent[] = [];

  constructor({ takesPendingOff = false } = {}) {
    this.aws = new FakeAws({ now: NOW, takesPendingOff });
    this.hook({});
    const rotation = { lambdaArn, days: 90 };
    this.aws.secretsManager.seedSecret({ name: SecretId, value: 'first', rotation });
  }

  get client() {
    return this.aws.clients.secretsManager;
  }

  /** What happens before the function does its steps. */
  hook(hooks: Hooks): void {
    this.aws.secretsManager.onRotate = async (event) => {
      this.events.push(event);
      await hooks[event.Step]?.(event);
      await this.#work(event);
    };
  }

  steps(): Step[] {
    return this.events.map(({ Step }) => Step);
  }

  rotate(more: { RotateImmediately?: boolean } = {}) {
    return this.client.send(new RotateSecretCommand({ SecretId, ...more }));
  }

  holderOf(label: string): string {
    return this.aws.secretsManager.holderOf(SecretId, label) ?? 'nobody';
  }

  state(): string | undefined {
    return this.aws.secretsManager.rotationOf(SecretId)?.state;
  }

  async #work({ Step, ClientRequestToken }: RotationEvent): Promise<void> {
    if (Step === 'createSecret') {
      const SecretString = `value of ${ClientRequestToken}`;
      const pending = { SecretString, VersionStages: ['AWSPENDING'] };
      await this.client.send(
        new PutSecretValueCommand({ SecretId, ClientRequestToken, ...pending }),
      );
    }
    if (Step === 'finishSecret') {
      const from = this.holderOf('AWSCURRENT');
      const move = { MoveToVersionId: ClientRequestToken, RemoveFromVersionId: from };
      await this.client.send(
        new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT', ...move }),
      );
    }
  }
}

export const failing = async () => {
  throw new Error('the step failed');
};
