import type { Operations } from './operation.ts';
import type { FakeService } from './pipeline.ts';
import { rotationOperations } from './rotation-operations.ts';
import { parseRules } from './rotation-rules.ts';
import type { RotationFunction, RotationService } from './rotation-service.ts';
import type { RotationAttempt } from './secret.ts';
import { catalogueOperations } from './secret-catalogue.ts';
import { listOperations } from './secret-list.ts';
import type { SecretStore } from './secret-store.ts';
import { setTags } from './secret-tags.ts';
import { put, valueOperations } from './secret-values.ts';

export interface SecretSeed {
  readonly name: string;
  readonly value?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly kmsKeyId?: string;
  readonly rotation?: { readonly lambdaArn: string; readonly days: number };
}

export class FakeSecretsManager implements FakeService {
  readonly name = 'secretsmanager';
  readonly tokenCommands = ['CreateSecret', 'UpdateSecret', 'PutSecretValue', 'RotateSecret'];
  readonly operations: Operations;
  readonly #store: SecretStore;
  readonly #rotations: RotationService;

  constructor(store: SecretStore, rotations: RotationService) {
    this.#store = store;
    this.#rotations = rotations;
    this.operations = {
      ...valueOperations(store),
      ...catalogueOperations(store),
      ...listOperations(store),
      ...rotationOperations(store, rotations),
    };
  }

  /** The rotation function. Without one, RotateSecret is told that it may not be invoked. */
  set onRotate(rotate: RotationFunction | undefined) {
    this.#rotations.onRotate = rotate;
  }

  /** @returns its ARN. No rotation is started. */
  seedSecret({ name, value, tags = {}, kmsKeyId, rotation }: SecretSeed): string {
    const secret = this.#store.create(name);
    secret.kmsKeyId = kmsKeyId;
    const pairs = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    setTags(secret, pairs);
    if (value !== undefined) this.putByHand(name, value);
    if (rotation) {
      const rules = parseRules({ AutomaticallyAfterDays: rotation.days });
      const config = { lambdaArn: rotation.lambdaArn, rules, enabled: true };
      secret.configureRotation(config, this.#store.now());
    }
    return secret.arn;
  }

  /** As a person in the console: becomes AWSCURRENT unless labels are given. @returns the version id */
  putByHand(name: string, value: string, labels?: readonly string[]): string {
    const token = this.#store.ids.uuid();
    put(this.#store, this.#store.find(name), token, value, labels);
    return token;
  }

  arnOf(name: string): string {
    return this.#store.findAny(name).arn;
  }

  /** Labels by version id, as DescribeSecret lists them. */
  versionsOf(name: string): Record<string, string[]> {
    return this.#store.findAny(name).labelled();
  }

  labelsOf(name: string, versionId: string): string[] {
    return this.#store.findAny(name).labelsOf(versionId);
  }

  /** The version that carries the label. */
  holderOf(name: string, label: string): string | undefined {
    return this.#store.findAny(name).labels.get(label);
  }

  /** Also of a version without labels, and whatever state its CMK is in. */
  valueOf(name: string, versionIdOrLabel: string): string | undefined {
    const { labels, versions } = this.#store.findAny(name);
    return versions.get(labels.get(versionIdOrLabel) ?? versionIdOrLabel)?.content?.secret;
  }

  tagsOf(name: string): Record<string, string> {
    return Object.fromEntries(this.#store.findAny(name).tags);
  }

  /** The latest rotation and how it went. */
  rotationOf(name: string): Readonly<RotationAttempt> | undefined {
    return this.#store.findAny(name).attempt;
  }

  /** Runs all four steps again with the same token, as the service does after a failure. */
  async retryRotation(name: string): Promise<void> {
    await this.#rotations.retry(this.#store.find(name));
  }
}
