import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { functionName, guardQueueName, usageGroupName } from '../../lambda/contract.ts';
import { AmplitudeStandIn } from '../amplitude.ts';
import { eventually } from '../aws/local/eventually.ts';
import { type Clock, type LocalAws, startLocalAws } from '../aws/local/start.ts';
import { Mailbox } from './mailbox.ts';
import { sqs } from './sqs.ts';

const root = join(import.meta.dirname, '..', '..');
const bin = join(root, 'node_modules', '.bin');
const CONFIG = 'test/demo/environments.ts';
const API_SCOPE = '000000000000/20260101/us-east-1/apigateway/aws4_request';
const CDK = ['--context', `environments=${CONFIG}`, '--output', join(root, '.local', 'cdk.out')];

export interface Ran {
  readonly output: string;
  readonly exitCode: number | null;
  readonly milliseconds: number;
}

/** A local AWS and a stand-in for Amplitude, used by the same programs as the real ones. */
export class LocalAccount {
  readonly amplitude: AmplitudeStandIn;
  readonly #aws: LocalAws;
  readonly #mailbox: Mailbox;
  readonly #env: Record<string, string | undefined>;

  /** `columns`: the width of the terminal that the programs write for. */
  static async open(columns: number): Promise<LocalAccount> {
    return new LocalAccount(await startLocalAws(), await AmplitudeStandIn.start(), columns);
  }

  private constructor(aws: LocalAws, amplitude: AmplitudeStandIn, columns: number) {
    this.#aws = aws;
    this.#mailbox = new Mailbox(aws.endpoint);
    this.amplitude = amplitude;
    const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...env } = process.env;
    const DEMO_AMPLITUDE_ENDPOINTS = JSON.stringify(amplitude.endpoints);
    const shown = { COLUMNS: String(columns), NO_COLOR: '1' };
    this.#env = { ...env, ...aws.env, ...shown, DEMO_AMPLITUDE_ENDPOINTS };
  }

  bootstrap = () => this.#mustRun('cdk', ['bootstrap', 'aws://000000000000/us-east-1', ...CDK]);

  deploy = (stack: string) =>
    this.#mustRun('cdk', ['deploy', stack, '--require-approval', 'never', ...CDK]);

  /** `npx keyctl …`, with the demo's file of environments; the key goes in by standard input. */
  keyctl(args: readonly string[], key = ''): Promise<Ran> {
    return this.#run('node', ['bin/keyctl.ts', ...args, '--config', CONFIG], key, this.clock.env);
  }

  /** Time passes; answers once the sweep that is due by then has ended. */
  async pass(milliseconds: number): Promise<void> {
    const seen = await this.#sweeps();
    this.clock.advance(milliseconds);
    await eventually(async () => (await this.#sweeps()) > seen);
  }

  async #sweeps(): Promise<number> {
    const lines = await this.logLines(functionName('dev', 'lifecycle'));
    return lines.filter((line) => line.includes('"message":"Done"')).length;
  }

  /** Begins to receive what the topic sends. */
  async openMailbox() {
    const client = new SNSClient(this.connection());
    const { Topics = [] } = await client.send(new ListTopicsCommand({}));
    const topic = Topics.find(({ TopicArn }) => TopicArn?.includes('AmplitudeKeys-dev'));
    await this.#mailbox.open(client, topic?.TopicArn ?? '');
  }

  /** What was sent since the last look. */
  mail = () => this.#mailbox.empty();

  get clock(): Clock {
    return this.#aws.clock;
  }

  /** As the functions know it. */
  now = () => new Date(Date.now() + this.clock.offset());

  /** Labels by version id. */
  async labels(secretId: string): Promise<Record<string, string[]>> {
    const client = new SecretsManagerClient(this.connection());
    const answer = await client.send(new DescribeSecretCommand({ SecretId: secretId }));
    return answer.VersionIdsToStages ?? {};
  }

  /** Somebody reads a secret's value. */
  async read(secretId: string, stage: string): Promise<void> {
    const client = new SecretsManagerClient(this.connection());
    await client.send(new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage }));
  }

  /** The current value of a secret. */
  async value(secretId: string): Promise<string> {
    const client = new SecretsManagerClient(this.connection());
    const { SecretString = '' } = await client.send(
      new GetSecretValueCommand({ SecretId: secretId }),
    );
    return SecretString;
  }

  /** Of the HTTP API, by a path: a name that ends in .localhost isn't found everywhere. */
  async relayUrl(): Promise<string> {
    const { endpoint } = this.#aws;
    const response = await fetch(`${endpoint}/v2/apis`, {
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${API_SCOPE}` },
    });
    const { items = [] } = (await response.json()) as { items?: { apiId: string }[] };
    const [api] = items;
    if (!api) throw new Error('the local AWS has no HTTP API');
    return `${endpoint}/_aws/execute-api/${api.apiId}/$default`;
  }

  /** Hands the access guard what EventBridge would. */
  async feed(events: readonly object[]): Promise<void> {
    const { endpoint } = this.#aws;
    const QueueName = guardQueueName('dev');
    const { QueueUrl } = await sqs(endpoint, 'GetQueueUrl', { QueueName });
    for (const event of events) {
      await sqs(endpoint, 'SendMessage', { QueueUrl, MessageBody: JSON.stringify(event) });
    }
  }

  /** What a function printed, oldest first. */
  logLines = (functionName: string) => this.#linesOf(`/aws/lambda/${functionName}`);

  /** The usage record, oldest first. */
  usageLines = () => this.#linesOf(usageGroupName('dev'));

  async #linesOf(logGroupName: string): Promise<string[]> {
    const client = new CloudWatchLogsClient(this.connection());
    const lines: string[] = [];
    for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
      lines.push(...events.map(({ message = '' }) => message));
    }
    return lines;
  }

  async close() {
    await this.#aws.stop();
    await this.amplitude.stop();
  }

  /** For clients of the SDK. */
  connection() {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return { endpoint: this.#aws.endpoint, region: 'us-east-1', credentials };
  }

  async #mustRun(command: string, args: readonly string[]): Promise<Ran> {
    const ran = await this.#run(command, args);
    if (ran.exitCode !== 0) throw new Error(`${command} ${args[0]} failed:\n${ran.output}`);
    return ran;
  }

  async #run(
    command: string,
    args: readonly string[],
    input = '',
    more: Readonly<Record<string, string>> = {},
  ): Promise<Ran> {
    const begun = Date.now();
    const child = spawn(join(bin, command), args, { cwd: root, env: { ...this.#env, ...more } });
    const ended = new Promise<number | null>((done) => child.once('exit', done));
    child.stdin.end(input);
    const [output, errors, exitCode] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      ended,
    ]);
    return { output: errors + output, exitCode, milliseconds: Date.now() - begun };
  }
}
