import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { type CoreNoun, functionName, GUARD_NOUN, secretName } from '../../../lambda/contract.ts';
import type { World } from '../../lambda/world.ts';
import { harvest } from './harvest.ts';
import type { Kind, Outputs } from './outputs.ts';

type WatchedNoun = CoreNoun | typeof GUARD_NOUN;

/** A world whose functions' answers and errors are searched as they come. */
export class Watched {
  readonly world: World;
  readonly #outputs: Outputs;
  readonly #where: string;

  constructor(world: World, outputs: Outputs, where: string) {
    this.world = world;
    this.#outputs = outputs;
    this.#where = where;
    world.aws.secretsManager.onRotate = (event) => this.#call('rotation', event);
    for (const noun of ['inspect', 'emergency'] as const) {
      world.aws.functions.set(functionName('dev', noun), (event) => this.#call(noun, event));
    }
  }

  get canaries() {
    return this.#outputs.canaries;
  }

  /** Invokes a function; what it throws is searched and forgotten. */
  async invoke(noun: WatchedNoun, event: unknown): Promise<void> {
    await this.#call(noun, event).catch(() => {});
    await this.world.aws.settled().catch(() => {});
  }

  /** RotateSecret and the steps it leads to. */
  async rotate(key: string): Promise<void> {
    const input = { SecretId: secretName('dev', key) };
    const { clients } = this.world.aws;
    await clients.secretsManager.send(new RotateSecretCommand(input)).catch(() => {});
    await this.world.aws.settled().catch(() => {});
  }

  search(kind: Kind, where: string, output: unknown): void {
    this.#outputs.search(kind, `${this.#where}, ${where}`, output);
  }

  /** Searches all else that came of it. */
  async close(): Promise<void> {
    harvest(this.world, this.#outputs, this.#where);
    await this.world.close();
  }

  async #call(noun: WatchedNoun, event: unknown): Promise<unknown> {
    try {
      const answer = await this.#handlers[noun](event);
      this.search('answers', noun, answer);
      return answer;
    } catch (error) {
      this.search('errors', noun, error);
      throw error;
    }
  }

  get #handlers() {
    const { rotationHandler, inspectHandler, lifecycleHandler, emergencyHandler, guardHandler } =
      this.world;
    return {
      rotation: rotationHandler,
      inspect: inspectHandler,
      lifecycle: lifecycleHandler,
      emergency: emergencyHandler,
      [GUARD_NOUN]: guardHandler,
    } satisfies Record<WatchedNoun, (event: unknown) => Promise<unknown>>;
  }
}
