import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import type { Call } from './calls.ts';
import { Clock } from './clock.ts';
import { FakeCloudTrail } from './cloud-trail.ts';
import { FakeDynamoDb } from './dynamodb.ts';
import { FakeEcs } from './ecs.ts';
import { FakeEventBridge } from './event-bridge.ts';
import { Faults } from './faults.ts';
import { type Credentials, FakeIam } from './iam.ts';
import { Ids } from './ids.ts';
import { KeyRing } from './key-ring.ts';
import { FakeKms } from './kms.ts';
import { FakeLambda, type Handler } from './lambda.ts';
import { type Duration, Latency } from './latency.ts';
import { Limits } from './limits.ts';
import { FakeLogs } from './logs.ts';
import { ParameterStore } from './parameter-store.ts';
import { Pipeline } from './pipeline.ts';
import { RotationService } from './rotation-service.ts';
import { SecretReader } from './secret-reader.ts';
import { SecretStore } from './secret-store.ts';
import { FakeSecretsManager } from './secrets-manager.ts';
import { FakeSns } from './sns.ts';
import { FakeSsm } from './ssm.ts';
import { FakeSts } from './sts.ts';

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
  readonly cloudTrail: CloudTrailClient;
  readonly logs: CloudWatchLogsClient;
  readonly dynamoDb: DynamoDBClient;
  readonly sts: STSClient;
  readonly lambda: LambdaClient;
  readonly ecs: ECSClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
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
  readonly cloudTrail: FakeCloudTrail;
  readonly logs: FakeLogs;
  readonly dynamoDb = new FakeDynamoDb();
  readonly iam: FakeIam;
  readonly lambda: FakeLambda;
  readonly ecs: FakeEcs;
  readonly events: FakeEventBridge;
  readonly #sts: FakeSts;
  readonly #store: SecretStore;
  readonly #latency: Latency;
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
    this.cloudTrail = new FakeCloudTrail(this.clock, ids, place);
    this.logs = new FakeLogs(this.clock, ids, this.cloudTrail);
    this.iam = new FakeIam(this.clock, ids, place);
    this.#sts = new FakeSts(this.iam);
    this.lambda = new FakeLambda(place);
    this.ecs = new FakeEcs(this.clock, place);
    this.events = new FakeEventBridge(this.clock, ids);
    this.#rotations = new RotationService(this.clock, ids, takesPendingOff);
    this.#store = new SecretStore(this.clock, ids, keys, place);
    this.secretsManager = new FakeSecretsManager(this.#store, this.#rotations);
    this.#latency = new Latency(this.clock);
    this.#pipeline = new Pipeline(this.faults, this.limits, this.#latency, ids);
    this.clients = this.#connect();
    this.bareSecretsManager = this.#pipeline.bareClient(
      this.secretsManager,
      SecretsManagerClient.prototype,
    );
  }

  /** Secrets Manager for whoever assumed a role. The functions' own clients are exempt from its policy. */
  connectAs(credentials: Credentials): SecretsManagerClient {
    const reader = new SecretReader(this.#store, this.iam, credentials);
    return this.#pipeline.client(reader, SecretsManagerClient.prototype);
  }

  /** Handlers by the name of their function, as Invoke finds them. */
  get functions(): Map<string, Handler> {
    return this.lambda.functions;
  }

  /** Waited for before each call has its effect. */
  set onCall(listener: ((call: Call) => Promise<void> | void) | undefined) {
    this.#pipeline.onCall = listener;
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

  /**
   * From now on every call takes so many milliseconds of the clock, which moves by itself. A call
   * has its effect when it is sent; its answer, or error, arrives at its end.
   */
  takeTime(duration: Duration): void {
    this.#latency.duration = duration;
  }

  /** The most calls that were under way at once since calls take time. */
  get mostInFlight(): number {
    return this.#latency.mostInFlight;
  }

  /** Lets all started rotations run to their end; rejects with what the function threw. */
  async settled(): Promise<void> {
    await this.#rotations.settled();
  }

  #connect(): Clients {
    const { secretsManager, ssm, sns, kms, cloudTrail, logs, dynamoDb } = this;
    return {
      secretsManager: this.#pipeline.client(secretsManager, SecretsManagerClient.prototype),
      ssm: this.#pipeline.client(ssm, SSMClient.prototype),
      sns: this.#pipeline.client(sns, SNSClient.prototype),
      kms: this.#pipeline.client(kms, KMSClient.prototype),
      cloudTrail: this.#pipeline.client(cloudTrail, CloudTrailClient.prototype),
      logs: this.#pipeline.client(logs, CloudWatchLogsClient.prototype),
      dynamoDb: this.#pipeline.client(dynamoDb, DynamoDBClient.prototype),
      sts: this.#pipeline.client(this.#sts, STSClient.prototype),
      lambda: this.#pipeline.client(this.lambda, LambdaClient.prototype),
      ecs: this.#pipeline.client(this.ecs, ECSClient.prototype),
      events: this.#pipeline.client(this.events, EventBridgeClient.prototype),
      iam: this.#pipeline.client(this.iam, IAMClient.prototype),
    };
  }
}
