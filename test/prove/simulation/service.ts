import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Scene } from './scene.ts';
import { holder, SECRET } from './sight.ts';

const DAY = 86_400_000;

/** Secrets Manager's own clockwork: it rotates what is due, and tries a failed rotation again daily. */
export class Schedule {
  readonly #scene: Scene;
  #triedAt = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  async tick(): Promise<void> {
    const { world, sight, now } = this.#scene;
    if (Math.abs(now - this.#triedAt) < DAY) return;
    const { RotationEnabled, NextRotationDate } = await world.aws.clients.secretsManager.send(
      new DescribeSecretCommand({ SecretId: SECRET }),
    );
    if (!RotationEnabled) return;
    const attempt = world.aws.secretsManager.rotationOf(SECRET);
    const isOpen = attempt?.state === 'failed' && holder(sight, 'AWSPENDING') === attempt.token;
    if (!isOpen && (NextRotationDate?.getTime() ?? now + 1) > now) return;
    this.#triedAt = now;
    this.#scene.tally.add('rotations by the schedule');
    if (isOpen) await this.#scene.deliverAgain();
    else await this.#scene.rotate();
  }
}
