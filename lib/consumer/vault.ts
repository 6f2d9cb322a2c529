import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { fallbackLabels } from './fallback.ts';
import { keyOf } from './key-field.ts';
import { readFailure } from './refusal.ts';

/** A consumer that sends events shouldn't wait long for AWS: it has a key in most cases. */
const connect = () =>
  new SecretsManagerClient({
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 2_000,
      throwOnRequestTimeout: true,
    },
  });

/** One secret as its readers see it: by label, never by version id. */
export class Vault {
  readonly secretId: string;
  readonly #maxAge: number;
  readonly #client: SecretsManagerClient;
  readonly #provider: SecretsProvider;
  #labels: readonly string[] | undefined;
  #retained = new Map<string, string | undefined>();
  /** Why a retained key couldn't be read, if that is so. */
  unreadable: unknown;

  constructor(secretId: string, maxAge: number, client: SecretsManagerClient = connect()) {
    this.secretId = secretId;
    this.#maxAge = maxAge;
    this.#client = client;
    this.#provider = new SecretsProvider({ awsSdkV3Client: client });
  }

  /** At most `maxAge` old. */
  current(): Promise<string> {
    return this.#read({ maxAge: this.#maxAge });
  }

  /** And from now on the retained keys are read anew too. */
  currentAfresh(): Promise<string> {
    this.#labels = undefined;
    this.#retained = new Map();
    this.unreadable = undefined;
    return this.#read({ maxAge: this.#maxAge, forceFetch: true });
  }

  /** The last replaced first; one that can't be read is left out. */
  async *retained(): AsyncGenerator<string> {
    this.#labels ??= await this.#fallbackLabels();
    for (const label of this.#labels) {
      if (!this.#retained.has(label)) this.#retained.set(label, await this.#readRetained(label));
      const key = this.#retained.get(label);
      if (key !== undefined) yield key;
    }
  }

  async #fallbackLabels(): Promise<readonly string[]> {
    try {
      const answer = await this.#client.send(
        new DescribeSecretCommand({ SecretId: this.secretId }),
      );
      return fallbackLabels(answer.VersionIdsToStages ?? {});
    } catch {
      // A consumer need not be allowed to describe
      return ['AWSPREVIOUS'];
    }
  }

  async #readRetained(VersionStage: string): Promise<string | undefined> {
    try {
      // Powertools caches by name alone: maxAge 0 keeps this from passing for the current key
      return await this.#read({ maxAge: 0, forceFetch: true, sdkOptions: { VersionStage } });
    } catch (error) {
      this.unreadable = error;
      return undefined;
    }
  }

  async #read(options: {
    maxAge: number;
    forceFetch?: boolean;
    sdkOptions?: { VersionStage: string };
  }): Promise<string> {
    let json: unknown;
    try {
      json = await this.#provider.get(this.secretId, { ...options, transform: 'json' });
    } catch (error) {
      throw readFailure(this.secretId, error);
    }
    return keyOf(this.secretId, json);
  }
}
