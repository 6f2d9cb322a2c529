import type { Clock } from './clock.ts';
import type { Ids } from './ids.ts';
import type { RotationAttempt, Secret } from './secret.ts';

export type Step = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';

const STEPS: readonly Step[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

export interface RotationEvent {
  readonly Step: Step;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
  readonly RotationToken: string;
}

export type RotationFunction = (event: RotationEvent) => Promise<unknown>;

/** Secrets Manager's own side of a rotation: asynchronous, run when a test lets it settle. */
export class RotationService {
  onRotate: RotationFunction | undefined;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #takesPendingOff: boolean;
  #queue: (() => Promise<void>)[] = [];

  constructor(clock: Clock, ids: Ids, takesPendingOff: boolean) {
    this.#clock = clock;
    this.#ids = ids;
    this.#takesPendingOff = takesPendingOff;
  }

  start(secret: Secret, token: string): void {
    secret.attachEmpty(token, this.#clock.now());
    const attempt: RotationAttempt = { token, state: 'running' };
    secret.attempt = attempt;
    this.#queue.push(() => this.#run(secret, attempt));
  }

  /** RotateImmediately: false tests the configuration by one testSecret. */
  tryOut(secret: Secret, token: string): void {
    this.#queue.push(async () => {
      secret.attachEmpty(token, this.#clock.now());
      try {
        await this.#invoke(secret, token, 'testSecret');
      } finally {
        secret.takeOff('AWSPENDING', this.#clock.now());
      }
    });
  }

  /** All four steps again with the same token, as after a failure or a doubled delivery. */
  async retry(secret: Secret): Promise<void> {
    const { attempt } = secret;
    if (!attempt) throw new Error(`${secret.name} has no rotation to try again.`);
    if (attempt.state === 'abandoned') {
      throw new Error(`The rotation of ${secret.name} was abandoned: the service won't retry it.`);
    }
    attempt.state = 'running';
    await this.#run(secret, attempt);
  }

  /** Runs all rotations to their end, then rejects with what the function threw first, if it did. */
  async settled(): Promise<void> {
    const errors: unknown[] = [];
    for (let job = this.#queue.shift(); job; job = this.#queue.shift()) {
      await job().catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  }

  async #run(secret: Secret, attempt: RotationAttempt): Promise<void> {
    try {
      for (const step of STEPS) {
        if (isAbandoned(attempt)) return;
        await this.#invoke(secret, attempt.token, step);
      }
    } catch (error) {
      if (!isAbandoned(attempt)) attempt.state = 'failed';
      throw error;
    }
    if (!isAbandoned(attempt)) this.#succeed(secret, attempt);
  }

  #succeed(secret: Secret, attempt: RotationAttempt): void {
    const now = this.#clock.now();
    attempt.state = 'succeeded';
    secret.countAsRotated(now);
    const promoted = secret.labelsOf(attempt.token);
    if (
      this.#takesPendingOff &&
      promoted.includes('AWSCURRENT') &&
      promoted.includes('AWSPENDING')
    ) {
      secret.takeOff('AWSPENDING', now);
    }
  }

  async #invoke({ arn }: Secret, token: string, Step: Step): Promise<void> {
    if (!this.onRotate) throw new Error('The rotation function went away while it was needed.');
    const RotationToken = this.#ids.uuid();
    await this.onRotate({ Step, SecretId: arn, ClientRequestToken: token, RotationToken });
  }
}

/** Asked anew after each step: a value put by hand abandons the rotation meanwhile. */
const isAbandoned = ({ state }: RotationAttempt) => state === 'abandoned';
