import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Aws, Context } from '../../../bin/keyctl/context.ts';
import { run } from '../../../bin/keyctl/program.ts';
import { amplitude } from '../../../lambda/adapters/amplitude.ts';
import { FakeTerminal, type Person } from '../../bin/desk/fake-terminal.ts';
import type { World } from '../../lambda/world.ts';
import { filesIn, withFolder } from './folder.ts';
import type { Watched } from './watched.ts';

const ACCOUNT = '111122223333';
const IDENTITY = { Account: ACCOUNT, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/operator/ann` };
const CONFIGURATION = 'environments.mjs';

export interface Typed {
  /** `FOLDER` in an argument stands for one of the command's own. */
  readonly args: readonly string[];
  readonly person?: Person;
  /** What GetCallerIdentity throws. */
  readonly stsFails?: () => unknown;
  /** What the prompt for the key throws. */
  readonly promptFails?: () => unknown;
  /** Text of the file of environments, in place of one that fits. */
  readonly written?: string;
}

/** Runs a command line of keyctl on a world; all that it prints and writes is searched. */
export function keyctl(watched: Watched, typed: Typed): Promise<void> {
  return withFolder(async (folder) => {
    const { args, person = {} } = typed;
    const configuration = join(folder, CONFIGURATION);
    await writeFile(configuration, typed.written ?? environmentsOf(watched.world));
    const terminal = new FakeTerminal(person);
    if (typed.promptFails) breakPrompt(terminal, typed.promptFails);
    const line = args.map((arg) => arg.replace('FOLDER', folder));
    const command = `keyctl ${wordOf(args[0] ?? '')}`;
    try {
      await run(['--config', configuration, ...line], contextOf(watched.world, terminal, typed));
    } catch (error) {
      watched.search('stderr', command, error);
    }
    watched.search('stdout', command, terminal.stdout);
    watched.search('stderr', command, terminal.stderr);
    for (const question of terminal.questions) watched.search('questions', command, question);
    const written = (await filesIn(folder)).filter(({ name }) => name !== CONFIGURATION);
    for (const { text } of written) watched.search('reports', command, text);
  });
}

function breakPrompt(terminal: FakeTerminal, failure: () => unknown): void {
  terminal.readHidden = async () => {
    throw failure();
  };
}

/** A scenario's name must not repeat a key that was typed for a command. */
const wordOf = (arg: string) => (/^[a-z-]{1,12}$/.test(arg) ? arg : 'with something else');

function contextOf({ aws }: World, terminal: FakeTerminal, { stsFails }: Typed): Context {
  const sts = {
    send: async () => {
      if (stsFails) throw stsFails();
      return IDENTITY;
    },
  } as unknown as Aws['sts'];
  return {
    terminal,
    clock: aws.clock,
    connect: () => ({ ...aws.clients, sts, region: async () => 'us-east-1' }),
    vendor: (options) => amplitude({ ...options, backoffMs: 0, timeoutMs: 50 }),
    sleep: async (milliseconds) => {
      aws.clock.advance(milliseconds);
      await aws.settled().catch(() => {});
    },
    following: { everyMs: 1_000, forMs: 5_000 },
    waiting: { everyMs: 10_000, forMs: 20_000 },
  };
}

const key = { kind: 'ingestion', audience: 'server', owner: 'growth', purpose: 'Events' };

function environmentsOf({ amplitude: { endpoints } }: World): string {
  const place = { organization: 'acme', projectId: '100001', dataResidency: 'US', endpoints };
  const secret = { ...key, kind: 'secret', pairedWith: 'web' };
  const keys = { web: key, export: secret, broken: key, bare: key, twice: key, odd: key };
  const relay = { key: 'web' };
  const dev = { region: 'us-east-1', account: ACCOUNT, amplitude: place, keys, relay };
  return `export const environments = ${JSON.stringify({ dev })};\n`;
}
