import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Call } from './calls.ts';
import { Clock } from './clock.ts';
import { Faults } from './faults.ts';
import { Ids } from './ids.ts';
import { KeyRing } from './key-ring.ts';
import { FakeKms } from './kms.ts';
import { Limits } from './limits.ts';
import { ParameterStore } from './parameter-store.ts';
import { Pipeline } from './pipeline.ts';
import { RotationService } from './rotation-service.ts';
import { SecretStore } from './secret-store.ts';
import { FakeSecretsManager } from './secrets-manager.ts';
import { FakeSns } from './sns.ts';
import { FakeSsm } from './ssm.ts';

export interface FakeAwsOptions {
  readonly now: Date;
  readonly region?: string;
  readonly account?: string;
  /** Does the service itself take AWSPENDING off at the end of a rotation? Sources disagree. */
  readonly takesPendingOff?: boolean;
}

export interface Clients {
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
  readonly sns: SNSClient;
  readonly kms: KMSClient;
}

/** One account in one Region, in memory and strict: what it doesn't know, it refuses. */
export class FakeAws {
  readonly clock: Clock;
  readonly faults = new Faults();
  readonly limits: Limits;
  readonly clients: Clients;
  /** As on the wire, where nobody fills in a ClientRequestToken. */
  readonly bareSecretsManager: SecretsManagerClient;
  readonly secretsManager: FakeSecretsManager;
  readonly ssm: FakeSsm;
  readonly sns: FakeSns;
  readonly kms: FakeKms;
  readonly #pipeline: Pipeline;
  readonly #rotations: RotationService;

  constructor(options: FakeAwsOptions) {
    const {
      now,
      region = 'us-east-1',
      account = '111122223333',
      takesPendingOff = false,
    } = options;
    const place = { region, account };
    const ids = new Ids();
    this.clock = new Clock(now);
    this.limits = new Limits(this.clock);
    const keys = new KeyRing(this.clock, ids, place);
    this.kms = new FakeKms(keys, this.clock);
    this.ssm = new FakeSsm(new ParameterStore(this.clock, keys), place);
    this.sns = new FakeSns(this.clock, ids, place);
    this.#rotations = new RotationService(this.clock, ids, takesPendingOff);
    const store = new SecretStore(this.clock, ids, keys, place);
    this.secretsManager = new FakeSecretsManager(store, this.#rotations);
    this.#pipeline = new Pipeline(this.faults, this.limits, ids);
    this.clients = this.#connect();
    this.bareSecretsManager = this.#pipeline.bareClient(
      this.secretsManager,
      SecretsManagerClient.prototype,
    );
  }

  get calls(): readonly Call[] {
    return this.#pipeline.calls;
  }

  countOf(command: string): number {
    return this.calls.filter((call) => call.command === command).length;
  }

  resetCalls(): void {
    this.#pipeline.calls.length = 0;
  }

  /** Lets all started rotations run to their end; rejects with what the function threw. */
  async settled(): Promise<void> {
    await this.#rotations.settled();
  }

  #connect(): Clients {
    const { secretsManager, ssm, sns, kms } = this;
    return {
      secretsManager: this.#pipeline.client(secretsManager, SecretsManagerClient.prototype),
      ssm: this.#pipeline.client(ssm, SSMClient.prototype),
      sns: this.#pipeline.client(sns, SNSClient.prototype),
      kms: this.#pipeline.client(kms, KMSClient.prototype),
    };
  }
}
