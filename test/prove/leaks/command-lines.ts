import { quarantineTable } from '../../../lambda/adapters/quarantine-table.ts';
import { GUARD_NOUN, guardTableName } from '../../../lambda/contract.ts';
import type { Failure } from '../../aws/fakes/faults.ts';
import { batchOf } from '../../aws/recorded/cloudtrail.ts';
import { waysToFail } from './echoes.ts';
import { keyctl } from './keyctl.ts';
import { oddAnswers, oddFiles, oddKeys, pastedLines } from './pasted-lines.ts';
import { pastedRecords } from './pasted-records.ts';
import type { Scenario } from './scenarios.ts';
import type { VaultOptions } from './vault.ts';
import type { Watched } from './watched.ts';

type Line = readonly [name: string, args: readonly string[], vault?: VaultOptions];

const WEB = ['--env', 'dev', '--key', 'web'];
const EMPTY: VaultOptions = { staged: false };
const RELAYED: VaultOptions = { relayed: true };

/** Every command as it is meant, with a key at hand for whoever asks for one. */
const LINES: readonly Line[] = [
  ['stages a key', ['stage', ...WEB, '--name', 'web, next'], EMPTY],
  ['stages a secret key', ['stage', '--env', 'dev', '--key', 'export', '--name', 'x'], EMPTY],
  ['stages beside a staged key', ['stage', ...WEB, '--name', 'web, next']],
  ['takes a key back', ['unstage', ...WEB]],
  ['rotates', ['rotate', ...WEB]],
  ['rotates with a rejected key', ['rotate', ...WEB], { stagedIs: 'rejected' }],
  ['tells where keys stand', ['status', '--env', 'dev']],
  ['verifies', ['verify', '--env', 'dev']],
  ['finds a key', ['which']],
  ['revokes', ['revoke', ...WEB, '--reason', 'leaked', '--report', 'FOLDER/report.md']],
  ['revokes with nothing staged', ['revoke', ...WEB, '--reason', 'leaked', '--yes'], EMPTY],
  ['plans a revocation', ['revoke', ...WEB, '--dry-run']],
  ['assesses', ['assess', ...WEB, '--report', 'FOLDER/report.md']],
  ['tells who reads keys', ['readers', '--env', 'dev']],
  ['locks down', ['lockdown', ...WEB, '--reason', 'leaked']],
  ['unlocks', ['unlock', '--env', 'dev', '--scope', 'environment', '--reason', 'over']],
  ['lists quarantines', ['quarantine', 'list', '--env', 'dev']],
  [
    'ends a quarantine',
    ['quarantine', 'release', '0123abcd', '--env', 'dev', '--reason', 'our own'],
  ],
  ['tells where the relay stands', ['relay', 'status', '--env', 'dev'], RELAYED],
  ['moves failed events back', ['relay', 'replay', '--env', 'dev'], RELAYED],
  ['makes a token of the relay', ['relay', 'token', '--env', 'dev'], RELAYED],
  ['rolls back', ['rollback', ...WEB, '--reason', 'wrong project']],
];

/** As a program, on pipes, and as a person would, on a terminal. */
const PLAYED: readonly Scenario[] = LINES.map(([name, args, vault = {}]) => ({
  name: `keyctl ${name}`,
  vault,
  async run(watched) {
    const key = handedIn(watched, args);
    const atTerminal = { key, name: 'web, next', confirms: true, interactive: true, columns: 60 };
    await keyctl(watched, { args: [...args, '--json'], person: { key } });
    await keyctl(watched, { args, person: atTerminal });
    await keyctl(watched, { args: ['history', '--env', 'dev'] });
  },
}));

/** A key that is asked for, or one that Amplitude accepts. */
function handedIn({ canaries, world }: Watched, [command, ...args]: readonly string[]): string {
  if (command === 'which') return canaries.key('retained');
  const key = canaries.key('handed in');
  world.amplitude.generate(key);
  if (args.includes('export')) world.amplitude.generate(canaries.key('current'), 'US', key);
  return key;
}

const OTHERS: readonly Scenario[] = [
  {
    name: 'keyctl with the keys of values named by keys',
    vault: { pasted: true },
    async run(watched) {
      const report = ['--report', 'FOLDER/report.md'];
      for (const args of [['status'], ['verify'], ['assess', ...report], ['revoke', ...report]]) {
        await keyctl(watched, { args: [...args, ...WEB, '--reason', 'leaked'] });
      }
    },
  },
  {
    name: 'keyctl of quarantined readers whose records have keys in them',
    alone: true,
    vault: { guarded: true },
    async run(watched) {
      const { world, canaries } = watched;
      await watched.invoke(GUARD_NOUN, batchOf(pastedRecords(canaries.key('pasted'))));
      for (const args of [['quarantine', 'list'], ['readers'], ['status']]) {
        await keyctl(watched, { args: [...args, '--env', 'dev'] });
        await keyctl(watched, { args: [...args, '--env', 'dev', '--json'] });
      }
      const table = quarantineTable(world.aws.clients.dynamoDb, guardTableName('dev'));
      const { quarantines } = await table.all();
      if (quarantines.length === 0) throw new Error('Nobody was quarantined.');
      for (const { id } of quarantines) {
        const args = ['quarantine', 'release', id, '--env', 'dev', '--reason', 'our own'];
        await keyctl(watched, { args });
      }
    },
  },
  {
    name: 'keyctl is handed in what is no key',
    alone: true,
    vault: EMPTY,
    async run(watched) {
      for (const key of oddKeys(watched.canaries.key('mistyped'))) {
        await keyctl(watched, { args: ['stage', ...WEB, '--name', 'x'], person: { key } });
        await keyctl(watched, { args: ['which', '--json'], person: { key, interactive: true } });
      }
      for (const word of ['rejected', 'elsewhere', 'current', 'retained']) {
        const key = watched.canaries.key(word);
        await keyctl(watched, { args: ['stage', ...WEB, '--name', 'x'], person: { key } });
      }
    },
  },
  {
    name: 'keyctl whose credentials AWS refuses',
    alone: true,
    async run(watched) {
      const quoted = watched.canaries.all.map(({ key }) => key).join(' ');
      for (const { error } of waysToFail(quoted)) {
        const stsFails = () => thrown(error);
        await keyctl(watched, { args: ['status', '--env', 'dev'], stsFails });
        await keyctl(watched, { args: ['status', '--env', 'dev', '--json'], stsFails });
      }
    },
  },
  {
    name: 'keyctl at a terminal that breaks while a key is typed',
    alone: true,
    async run(watched) {
      for (const { error } of waysToFail(watched.canaries.key('half typed'))) {
        const promptFails = () => thrown(error);
        await keyctl(watched, { args: ['stage', ...WEB, '--name', 'x'], promptFails });
        await keyctl(watched, { args: ['which', '--json'], promptFails });
      }
    },
  },
  {
    name: 'keyctl and a function that answers keys',
    alone: true,
    async run(watched) {
      for (const answer of oddAnswers(watched.canaries.key('answered'))) {
        for (const args of [
          ['status'],
          ['verify'],
          ['revoke', '--reason', 'x'],
          ['assess'],
          ['readers'],
          ['quarantine', 'list'],
          ['quarantine', 'release', '0123abcd', '--reason', 'x'],
        ]) {
          watched.world.aws.lambda.answers = answer;
          await keyctl(watched, { args: [...args, ...WEB, '--json'] });
        }
      }
    },
  },
  {
    name: 'keyctl and a file of environments with a key in it',
    alone: true,
    async run(watched) {
      for (const written of oddFiles(watched.canaries.key('written'))) {
        await keyctl(watched, { args: ['config', '--env', 'dev'], written });
        await keyctl(watched, { args: ['status', '--env', 'dev', '--json'], written });
      }
    },
  },
  {
    name: 'keyctl with a key among its arguments',
    alone: true,
    vault: RELAYED,
    async run(watched) {
      const key = watched.canaries.key('typed');
      for (const args of pastedLines(key)) {
        await keyctl(watched, { args, person: { key: watched.canaries.key('piped') } });
      }
    },
  },
];

function thrown(failure: Failure): unknown {
  if (typeof failure === 'function') return failure();
  return typeof failure === 'object' ? Object.assign(new Error(failure.message), failure) : failure;
}

export const COMMAND_SCENARIOS: readonly Scenario[] = [...PLAYED, ...OTHERS];
