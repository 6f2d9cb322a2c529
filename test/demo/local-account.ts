import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AmplitudeStandIn } from '../amplitude.ts';
import { type LocalAws, startLocalAws } from '../aws/local/start.ts';

const root = join(import.meta.dirname, '..', '..');
const bin = join(root, 'node_modules', '.bin');
const CONFIG = 'test/demo/environments.ts';
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
  readonly #env: Record<string, string | undefined>;

  /** `columns`: the width of the terminal that the programs write for. */
  static async open(columns: number): Promise<LocalAccount> {
    return new LocalAccount(await startLocalAws(), await AmplitudeStandIn.start(), columns);
  }

  private constructor(aws: LocalAws, amplitude: AmplitudeStandIn, columns: number) {
    this.#aws = aws;
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
    return this.#run('node', ['bin/keyctl.ts', ...args, '--config', CONFIG], key);
  }

  /** Labels by version id. */
  async labels(secretId: string): Promise<Record<string, string[]>> {
    const client = new SecretsManagerClient(this.#connection());
    const answer = await client.send(new DescribeSecretCommand({ SecretId: secretId }));
    return answer.VersionIdsToStages ?? {};
  }

  /** What a function printed, oldest first. */
  async logLines(functionName: string): Promise<string[]> {
    const client = new CloudWatchLogsClient(this.#connection());
    const logGroupName = `/aws/lambda/${functionName}`;
    const { events = [] } = await client.send(new FilterLogEventsCommand({ logGroupName }));
    return events.map(({ message = '' }) => message);
  }

  async close() {
    await this.#aws.stop();
    await this.amplitude.stop();
  }

  #connection() {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return { endpoint: this.#aws.endpoint, region: 'us-east-1', credentials };
  }

  async #mustRun(command: string, args: readonly string[]): Promise<Ran> {
    const ran = await this.#run(command, args);
    if (ran.exitCode !== 0) throw new Error(`${command} ${args[0]} failed:\n${ran.output}`);
    return ran;
  }

  async #run(command: string, args: readonly string[], input = ''): Promise<Ran> {
    const begun = Date.now();
    const child = spawn(join(bin, command), args, { cwd: root, env: this.#env });
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
