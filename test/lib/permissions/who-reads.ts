import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretName, stagedName } from '../../../lambda/contract.ts';
import {
  awaitingRevocationLabel,
  compromisedLabel,
  retainedUntilLabel,
} from '../../../lambda/domain/labels.ts';
import type { Principal } from '../../aws/policy/authorize.ts';
import type { Deployed } from '../../aws/policy/deployed.ts';
import { PLACE } from '../../aws/policy/intrinsics.ts';
import { type Answer, type Read, read, type State } from '../../aws/policy/reading.ts';

const VERSION = '0a1b2c3d-0000-4000-8000-000000000000';
const DAY = new Date('2026-12-24T00:00:00Z');

/** The ways to ask for a key, each with the name of its column. */
const readsOf = (key: string): Readonly<Record<string, Read>> => ({
  'no version': {},
  AWSCURRENT: { VersionStage: 'AWSCURRENT' },
  AWSPREVIOUS: { VersionStage: 'AWSPREVIOUS' },
  RETAINED: { VersionStage: retainedUntilLabel(DAY, VERSION) },
  AWAITING: { VersionStage: awaitingRevocationLabel(VERSION) },
  COMPROMISED: { VersionStage: compromisedLabel(DAY, VERSION) },
  AWSPENDING: { VersionStage: 'AWSPENDING' },
  'version id': { VersionId: VERSION },
  'id, current': { VersionId: VERSION, VersionStage: 'AWSCURRENT' },
  staged: { parameter: stagedName('dev', key, '0123456789ab') },
});

export const STATES = {
  normal: { tags: { 'amplitude-key': 'server' }, isCmkEnabled: true },
  'key locked down': { tags: { 'amplitude-lockdown': 'on' }, isCmkEnabled: true },
  'environment locked down': { tags: {}, isCmkEnabled: false },
} as const satisfies Record<string, State>;

export interface Row {
  readonly who: string;
  /** By the name of the read. */
  readonly answers: Readonly<Record<string, Answer>>;
}

/** Who reads a key of environment `dev` in one state, and who can't. */
export function whoReads(world: Deployed, state: State, key = 'server'): Row[] {
  const answer = (who: Principal, how: Read) =>
    read(world, who, secretName('dev', key), how, state);
  return [...principals(world, key)].map(([who, principal]) => ({
    who,
    answers: Object.fromEntries(
      Object.entries(readsOf(key)).map(([name, how]) => [name, answer(principal, how)]),
    ),
  }));
}

const SIGN: Readonly<Record<Answer, string>> = {
  reads: 'reads',
  'explicit deny': 'DENIED',
  'implicit deny': '-',
  'CMK disabled': 'no CMK',
};

/** One line for each row, under the names of the reads. */
export function table(rows: readonly Row[]): string {
  const lines = [
    ['', ...Object.keys(rows[0]?.answers ?? {})],
    ...rows.map(({ who, answers }) => [who, ...Object.values(answers).map((one) => SIGN[one])]),
  ];
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Everybody of the stack, and who else may be in the account or out of it. */
export function principals(world: Deployed, key = 'server'): ReadonlyMap<string, Principal> {
  const { account } = PLACE;
  const identity = (name: string, ...policies: unknown[]): Principal => ({
    kind: 'identity',
    id: `arn:aws:iam::${account}:role/${name}`,
    account,
    policies,
  });
  const admin = allowing('*');
  const root = `arn:aws:iam::${account}:root`;
  return new Map<string, Principal>([
    ['consumer', identity('consumer', consumerPolicy(world, key))],
    ['administrator', identity('admin', admin)],
    ['secretsmanager:*', identity('vault-admin', allowing('secretsmanager:*'))],
    ...world.roles.map((role) => [role.name, role] as const),
    ['operator', identity('operator', world.managedPolicies.get('AmplitudeKeys-dev-operator'))],
    ['cfn-exec', identity(`cdk-hnb659fds-cfn-exec-role-${account}-${PLACE.region}`, admin)],
    ['root user', { ...identity('root'), kind: 'root', id: root }],
    [
      'another account',
      { ...identity('x', admin), account: '444455556666', id: 'arn:aws:iam::444455556666:role/x' },
    ],
  ]);
}

const allowing = (Action: string) => ({ Statement: { Effect: 'Allow', Action, Resource: '*' } });

/** What the README tells a consumer to be granted, filled in. */
function consumerPolicy({ keysCmk }: Deployed, key: string) {
  const Statement = readmeJson('amplitude/dev/server-??????');
  const filled = JSON.stringify(Statement)
    .replaceAll('KEY-ID', keysCmk.arn.split('/')[1] ?? '')
    .replaceAll('REGION', PLACE.region)
    .replaceAll('ACCOUNT', PLACE.account)
    .replaceAll('/server-', `/${key}-`);
  return { Statement: JSON.parse(filled) };
}

/** The block of JSON in the README that contains a text. */
export function readmeJson(text: string): unknown {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', '..', 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```json\n(.*?)^```/gms)].map(([, block = '']) => block);
  const [block, other] = blocks.filter((one) => one.includes(text));
  if (block === undefined || other !== undefined)
    throw new Error(`Which JSON of the README: ${text}`);
  return JSON.parse(block);
}
