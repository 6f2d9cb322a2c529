import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../../bin/keyctl/context.ts';
import { run } from '../../../bin/keyctl/program.ts';
import { FakeTerminal, type Person } from '../../bin/desk/fake-terminal.ts';

const KEY = { kind: 'ingestion', audience: 'server', owner: 'growth', purpose: 'Events' };
const AMPLITUDE = { organization: 'acme', projectId: '100001', dataResidency: 'US' };
const ENVIRONMENTS = {
  dev: { region: 'us-east-1', amplitude: AMPLITUDE, keys: { web: KEY }, relay: { key: 'web' } },
};
const NOW = new Date('2026-11-24T00:00:00Z');

/** What came of a command line. */
export interface Said {
  readonly code: number;
  readonly text: string;
}

/** What every function answers. */
interface Answer {
  readonly payload: string;
  /** As an error of its own. */
  readonly failed?: boolean;
}

/** `keyctl` with one environment, whose functions answer whatever is said. */
export async function openDesk() {
  const directory = await mkdtemp(join(tmpdir(), 'hostile-'));
  const config = join(directory, 'environments.mjs');
  await writeFile(config, `export const environments = ${JSON.stringify(ENVIRONMENTS)};\n`);
  return {
    config,
    directory,
    async keyctl(args: readonly string[], answer: Answer, person: Person = {}): Promise<Said> {
      const terminal = new FakeTerminal(person);
      const code = await run(args, contextOf(terminal, answer));
      return { code, text: terminal.stdout + terminal.stderr };
    },
    close: () => rm(directory, { recursive: true }),
  };
}

/** A command that ends is done, refused or was used wrongly; nothing else. */
export function faultOf({ code, text }: Said): string | undefined {
  if (![0, 1, 2].includes(code)) return `it ended with ${code}`;
  const unexpected = /A fault of keyctl itself \(([^)]*)/.exec(text.replaceAll(/\s+/g, ' '));
  return unexpected ? `it ended with a fault of its own: ${unexpected[1]}` : undefined;
}

function contextOf(terminal: FakeTerminal, { payload, failed = false }: Answer): Context {
  const refusal = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  const send = async (command: object) => {
    const name = command.constructor.name;
    if (name === 'InvokeCommand') {
      return { Payload: Buffer.from(payload), ...(failed ? { FunctionError: 'Unhandled' } : {}) };
    }
    if (name === 'GetCallerIdentityCommand') return { Account: '111122223333', Arn: 'arn:aws:ann' };
    throw refusal;
  };
  const client = { send } as never;
  return {
    terminal,
    clock: { now: () => NOW },
    connect: () => ({
      region: async () => 'us-east-1',
      sts: client,
      lambda: client,
      secretsManager: client,
      ssm: client,
      logs: client,
      sqs: client,
    }),
    vendor: () => ({
      ask: async () => ({
        word: 'unknown',
        check: 'query',
        answer: { endpoint: 'https://example.com', region: 'US', word: 'unreachable' },
      }),
    }),
    sleep: async () => {},
    following: { everyMs: 1, forMs: 0 },
    waiting: { everyMs: 1, forMs: 0 },
  };
}
