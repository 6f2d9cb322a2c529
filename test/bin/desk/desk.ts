import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Aws, Context } from '../../../bin/keyctl/context.ts';
import { run } from '../../../bin/keyctl/program.ts';
import { amplitude as amplitudeAdapter } from '../../../lambda/adapters/amplitude.ts';
import { PLACEHOLDER } from '../../../lambda/contract.ts';
import { fingerprintOf } from '../../../lambda/domain/secret-value.ts';
import { AmplitudeStandIn } from '../../amplitude.ts';
import { FakeTerminal, type Person } from './fake-terminal.ts';
import { Stack } from './stack.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

/** Canaries: none may ever be printed. */
export const KEYS = {
  first: '1f0e9d8c7b6a5948'.repeat(2),
  second: '2a3b4c5d6e7f8091'.repeat(2),
  third: '3c3d3e3f40414243'.repeat(2),
  prod: '4d5e6f708192a3b4'.repeat(2),
  secret: '5e6f708192a3b4c5'.repeat(2),
} as const;
export const FP = Object.fromEntries(
  Object.entries(KEYS).map(([name, key]) => [name, fingerprintOf(key)]),
) as Record<keyof typeof KEYS, string>;

export const NOW = new Date('2026-11-24T02:00:00Z');
const ACCOUNT = '111122223333';
const CALLER = `arn:aws:sts::${ACCOUNT}:assumed-role/operator/ann`;
/** All that keyctl may ever call: none of them reads a key. */
const ALLOWED = new Set([
  'GetCallerIdentity',
  'Invoke',
  'DescribeSecret',
  'RotateSecret',
  'UpdateSecretVersionStage',
  'PutParameter',
  'DeleteParameter',
  'FilterLogEvents',
  'GetQueueUrl',
  'GetQueueAttributes',
  'ReceiveMessage',
  'StartMessageMoveTask',
  'ListMessageMoveTasks',
  'ListEventSourceMappings',
  'GetPolicy',
  'PutSecretValue',
]);

export const documentOf = (apiKey: string, name: string) =>
  JSON.stringify({ apiKey, name, held: [] });

/** An operator's desk: keyctl, two deployed environments and Amplitude. */
export class Desk {
  readonly amplitude: AmplitudeStandIn;
  readonly dev: Stack;
  readonly prod: Stack;
  /** Commands that keyctl sent. */
  readonly calls: string[] = [];
  readonly identity = { Account: ACCOUNT, Arn: CALLER };
  /** What every STS call is answered with instead. */
  stsFails: unknown;
  regionFails: unknown;
  readonly #directory: string;
  #configs = 0;

  static async open(): Promise<Desk> {
    const desk = new Desk(await AmplitudeStandIn.start(), await mkdtemp(join(tmpdir(), 'keyctl-')));
    desk.amplitude.generate(KEYS.first);
    desk.amplitude.generate(KEYS.prod);
    desk.dev.seed({ name: 'web', value: documentOf(KEYS.first, 'Web 2026-08') });
    desk.prod.seed({ name: 'server', value: documentOf(KEYS.prod, 'Server 2026-08') });
    desk.prod.seed({ name: 'export', value: PLACEHOLDER, pairedWith: 'server' });
    return desk;
  }

  private constructor(amplitude: AmplitudeStandIn, directory: string) {
    this.amplitude = amplitude;
    this.#directory = directory;
    this.dev = new Stack('dev', 'us-east-1', NOW, amplitude);
    this.prod = new Stack('prod', 'eu-west-1', NOW, amplitude);
  }

  async close(): Promise<void> {
    await this.amplitude.stop();
    await rm(this.#directory, { recursive: true });
  }

  /** As written in lib/environments.ts; a test may change it before it runs keyctl. */
  readonly environments: Record<string, Record<string, unknown>> = {
    dev: { region: 'us-east-1', keys: { web: keyValues() } },
    prod: {
      region: 'eu-west-1',
      account: ACCOUNT,
      keys: { server: keyValues(), export: keyValues({ kind: 'secret', pairedWith: 'server' }) },
    },
  };

  /** Runs one command line; checks what holds for all of them. */
  async keyctl(args: readonly string[], person: Person = {}) {
    const terminal = new FakeTerminal(person);
    const config = await this.#writeConfig();
    const code = await run(['--config', config, ...args], this.#context(terminal));
    const { stdout, stderr, questions } = terminal;
    for (const key of Object.values(KEYS)) {
      expect((stdout + stderr).toLowerCase(), 'no key is printed').not.toContain(key);
    }
    expect(this.calls.filter((call) => !ALLOWED.has(call))).toEqual([]);
    /** All of it, whatever the line breaks. */
    const said = (stdout + stderr).replace(/\s+/g, ' ');
    return { code, stdout, stderr, said, questions, json: () => JSON.parse(stdout) };
  }

  /** The same with `--json`: exactly one document, whatever happens. */
  async json(args: readonly string[], person: Person = {}) {
    const { code, json } = await this.keyctl([...args, '--json'], person);
    return { code, ...json() };
  }

  #context(terminal: FakeTerminal): Context {
    return {
      terminal,
      clock: this.dev.aws.clock,
      connect: (region) => this.#connect(region === 'eu-west-1' ? this.prod : this.dev),
      vendor: (options) => amplitudeAdapter({ ...options, backoffMs: 0, timeoutMs: 5_000 }),
      sleep: async (milliseconds) => {
        for (const { aws } of [this.dev, this.prod]) {
          aws.clock.advance(milliseconds);
          // A step that fails is the service's affair, which tries again another time.
          await aws.settled().catch(() => {});
        }
      },
      following: { everyMs: 1_000, forMs: 90_000 },
      waiting: { everyMs: 10_000, forMs: 120_000 },
    };
  }

  #connect({ aws }: Stack): Aws {
    const region = aws === this.dev.aws ? 'us-east-1' : 'eu-west-1';
    const sts = {
      send: async () => {
        if (this.stsFails) throw this.stsFails;
        return this.identity;
      },
    };
    return {
      region: async () => {
        if (this.regionFails) throw this.regionFails;
        return region;
      },
      sts: this.#recorded(sts),
      lambda: this.#recorded(aws.clients.lambda),
      secretsManager: this.#recorded(aws.clients.secretsManager),
      ssm: this.#recorded(aws.clients.ssm),
      logs: this.#recorded(aws.clients.logs),
      sqs: this.#recorded(aws.clients.sqs),
    };
  }

  #recorded<Client>(client: object): Client {
    const { send } = client as { send: (command: object) => Promise<object> };
    const recorded = (command: object) => {
      this.calls.push(command.constructor.name.replace(/Command$/, ''));
      return send(command);
    };
    return { send: recorded } as Client;
  }

  async #writeConfig(): Promise<string> {
    const amplitude = {
      organization: 'acme',
      projectId: '100001',
      dataResidency: 'US',
      endpoints: this.amplitude.endpoints,
    };
    const written = Object.fromEntries(
      Object.entries(this.environments).map(([name, values]) => [name, { amplitude, ...values }]),
    );
    this.#configs += 1;
    const file = join(this.#directory, `environments-${this.#configs}.mjs`);
    await writeFile(file, `export const environments = ${JSON.stringify(written)};\n`);
    return file;
  }
}

export const keyValues = (over: object = {}) => ({
  kind: 'ingestion',
  audience: 'server',
  owner: 'growth',
  purpose: 'Events',
  ...over,
});
