import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { loadEnvironments } from '../../../../lib/config.ts';
import { INTERN, quarantines, released } from '../../../bin/terminal/quarantine-reports.ts';
import { createWorld, KEYS } from '../../../lambda/world.ts';
import { faultOf, openDesk, type Said } from '../desk.ts';
import { ofJson, ofText } from '../inputs.ts';
import type { Parser } from '../parser.ts';
import { KEY_LIKE, WORDS } from '../words.ts';

const OPTIONS = ['--env', '--key', '--name', '--hours', '--since', '--version', '--reason'];
const MORE = [
  '--unused-days',
  '--scope',
  '--report',
  '--fingerprint',
  '--json',
  '--csv',
  '--dry-run',
  '--yes',
];
const VALUES = ['dev', 'web', '72', '2026-01-31', 'previous', 'environment', '-', '--', '-x', '@'];
const AFTER_FAMILY = ['list', 'release', '0123abcd', 'status', 'replay', 'token'];
const COMMANDS = ['status', 'verify', 'which', 'revoke', 'assess', 'lockdown', 'unlock', 'history'];
const OTHERS = [
  'stage',
  'unstage',
  'rotate',
  'rollback',
  'config',
  'prometheus',
  'readers',
  'quarantine',
  'relay',
  'help',
  'statsu',
];

/** Whole command lines. Nothing is there to act on: every command is refused at its first call. */
export async function commandLines(): Promise<Parser<readonly string[]>> {
  const desk = await openDesk();
  const word = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...OPTIONS, ...MORE) },
    { weight: 3, arbitrary: fc.constantFrom(...VALUES, ...AFTER_FAMILY) },
    { weight: 2, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  );
  const command = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...COMMANDS, ...OTHERS) },
    { weight: 1, arbitrary: word },
  );
  const inputs = fc.tuple(command, fc.array(word, { maxLength: 8 })).map((parts) => parts.flat());
  const long = fc.tuple(fc.constantFrom(...OPTIONS), fc.constantFrom('a', ' ', '-', 'f', '\n'));
  return {
    name: 'command lines',
    limit: 131_071,
    inputs,
    families: long.map(([option, unit]) => ({
      name: `status ${option} and again and again ${JSON.stringify(unit)}`,
      of: (size) => ['status', option, unit.repeat(size)],
    })),
    parse: (args) =>
      desk.keyctl(['--config', desk.config, ...withoutReport(args)], { payload: '{}' }),
    fault: (said) => faultOf(said as Said),
    told: (said) => (said as Said).text,
    close: () => desk.close(),
  };
}

/** No file is written wherever a word happens to point. */
const withoutReport = (args: readonly string[]) =>
  args.filter((word, at) => !word.startsWith('--report') && args[at - 1] !== '--report');

/** Files that are handed over as configuration. */
export async function configurationFiles(): Promise<Parser<string>> {
  const desk = await openDesk();
  const written = `export const environments = { dev: { amplitude: { organization: 'acme', projectId: '100001', dataResidency: 'US' }, keys: { web: { kind: 'ingestion', audience: 'server', owner: 'growth', purpose: 'Events' } } } };\n`;
  let files = 0;
  return {
    ...ofText([written, `export const environments = ${KEY_LIKE};`], {
      name: 'configuration files',
      limit: 65_536,
      runs: { short: 60, long: 1_000 },
      climbs: { short: 1, long: 10 },
      parse: async (text) => {
        files += 1;
        const file = join(desk.directory, `${files}.mjs`);
        await writeFile(file, text);
        return loadEnvironments(file);
      },
    }),
    close: () => desk.close(),
  };
}

const RELEASE = ['quarantine', 'release', INTERN.id, '--env', 'dev', '--reason', 'ours'];
const ASKED = {
  status: [['status', '--env', 'dev'], { action: 'inventory' }],
  verify: [['verify', '--env', 'dev'], { action: 'verify', key: 'web' }],
  which: [['which', '--env', 'dev'], { action: 'which', fingerprint: '0123456789ab' }],
  assess: [['assess', '--env', 'dev'], { action: 'assess', key: 'web' }],
  readers: [['readers', '--env', 'dev'], { action: 'readers' }],
  stage: [['stage', '--env', 'dev', '--name', 'next'], { action: 'inventory' }],
  revoke: [
    ['revoke', '--env', 'dev', '--dry-run'],
    { action: 'revoke', key: 'web', dryRun: true, reason: 'a leak' },
  ],
  // Constructed: in an empty world nobody is quarantined
  'quarantine list': [['quarantine', 'list', '--env', 'dev'], quarantines()],
  'quarantine release': [RELEASE, released()],
} as const;

/** 6 MB, the most that Lambda answers with, are parsed, checked and printed. */
const ANSWER_MS = 3_000;

/** What functions answer `keyctl`: of another version, or cut short. */
export const ANSWERS = Object.entries(ASKED).map(
  ([name, [args, asked]]) =>
    async function answers(): Promise<Parser<string>> {
      const desk = await openDesk();
      const valid = 'action' in asked ? await answerTo(asked) : asked;
      return {
        ...ofJson([valid], {
          name: `answers to ${name}`,
          limit: 6_000_000,
          boundMs: ANSWER_MS,
          runs: { short: 100, long: 1_000 },
          climbs: { short: 1, long: 8 },
          parse: (payload) =>
            desk.keyctl(['--config', desk.config, ...args], { payload }, { key: 'd'.repeat(32) }),
          fault: (said) => faultOf(said as Said),
          told: (said) => (said as Said).text,
        }),
        close: () => desk.close(),
      };
    },
);

async function answerTo(request: { readonly action: string }): Promise<unknown> {
  const world = await createWorld();
  await world.stage(KEYS.second);
  const handler = request.action === 'revoke' ? world.emergencyHandler : world.inspectHandler;
  const answer = await handler(request);
  await world.close();
  return answer;
}

/** An error of a function, as Lambda hands it over. */
export async function functionErrors(): Promise<Parser<string>> {
  const desk = await openDesk();
  const errors = [
    { errorType: 'SECRET_NOT_FOUND', errorMessage: 'There is no secret.', trace: [] },
    { errorMessage: '2026-11-24T00:00:00Z Task timed out after 30.00 seconds' },
  ];
  return {
    ...ofJson(errors, {
      name: 'errors of functions',
      limit: 6_000_000,
      boundMs: ANSWER_MS,
      climbs: { short: 1, long: 8 },
      parse: (payload) =>
        desk.keyctl(['--config', desk.config, 'status', '--env', 'dev'], { payload, failed: true }),
      fault: (said) => faultOf(said as Said),
      told: (said) => (said as Said).text,
    }),
    close: () => desk.close(),
  };
}
