import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Principal } from '../../aws/policy/authorize.ts';
import type { Deployed } from '../../aws/policy/deployed.ts';
import { arn, PLACE } from '../../aws/policy/intrinsics.ts';
import { type Answer, type Read, read, type State } from '../../aws/policy/reading.ts';

/** The ways to ask for a key, each with the name of its column. */
export const READS: Readonly<Record<string, Read>> = {
  'no version': {},
  AWSCURRENT: { VersionStage: 'AWSCURRENT' },
  AWSPREVIOUS: { VersionStage: 'AWSPREVIOUS' },
  RETAINED: { VersionStage: 'RETAINED-UNTIL-2026-12-24T000000Z-0a1b2c3d' },
  AWAITING: { VersionStage: 'AWAITING-REVOCATION-0a1b2c3d' },
  COMPROMISED: { VersionStage: 'COMPROMISED-2026-11-24T000000Z-0a1b2c3d' },
  AWSPENDING: { VersionStage: 'AWSPENDING' },
  'version id': { VersionId: '0a1b2c3d-0000-4000-8000-000000000000' },
  'id, current': {
    VersionId: '0a1b2c3d-0000-4000-8000-000000000000',
    VersionStage: 'AWSCURRENT',
  },
  staged: { parameter: '/amplitude/dev/server/staged/0123456789ab' },
};

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

/** Who reads the key `server` of environment `dev` in one state, and who can't. */
export function whoReads(world: Deployed, state: State): Row[] {
  return [...principals(world)].map(([who, principal]) => ({
    who,
    answers: Object.fromEntries(
      Object.entries(READS).map(([name, how]) => [
        name,
        read(world, principal, 'amplitude/dev/server', how, state),
      ]),
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
    ['', ...Object.keys(READS)],
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
export function principals(world: Deployed): ReadonlyMap<string, Principal> {
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
    ['consumer', identity('server-consumer', consumerPolicy(world))],
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
function consumerPolicy({ keysCmk }: Deployed) {
  const Statement = readmeJson('amplitude/dev/server-??????');
  const filled = JSON.stringify(Statement)
    .replaceAll(
      arn('kms', 'key/KEY-ID').replace(PLACE.region, 'REGION').replace(PLACE.account, 'ACCOUNT'),
      keysCmk.arn,
    )
    .replaceAll('REGION', PLACE.region)
    .replaceAll('ACCOUNT', PLACE.account);
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
