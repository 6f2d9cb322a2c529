import { WARM_UP_DAYS } from '../calendar.ts';
import { AGENT } from './agents.ts';
import { inRole, inUserSession, permissionSet, type Who, withAccessKey } from './identities.ts';
import { BLOCKS, OFFICES } from './places.ts';

/** Somebody who reads a key now and then. */
export interface Person {
  readonly name: string;
  readonly who: Who;
  /** Usually. */
  readonly keys: readonly string[];
  /** Reads of a working day, on average. */
  readonly reads: number;
  /** UTC hours. */
  readonly hours: readonly [from: number, to: number];
  readonly office: string;
  /** The block of the provider at home. */
  readonly homes: string;
  /** Of days. */
  readonly fromHome: number;
  readonly agent: string;
  /** Of reads; the others by the command line. */
  readonly inConsole: number;
  /** Of the latter. @default 0 */
  readonly cloudShell?: number;
  /** From which day on. @default the first */
  readonly since?: number;
}

const EAST_COAST = [14, 23] as const;
const BERLIN = [7.5, 17] as const;

const inTheUsa = { hours: EAST_COAST, office: OFFICES.US, homes: BLOCKS.homes.US };
const inGermany = { hours: BERLIN, office: OFFICES.DE, homes: BLOCKS.homes.DE };
const byHand = { fromHome: 0.4, agent: AGENT.cliOnMac, inConsole: 0.3 };
const BY_ENGINEERS = { ...byHand, cloudShell: 0.15 };

export const ANALYSTS = 'Analyst';
export const ENGINEERS = 'Engineer';
/** They read no key. */
export const ADMINS = 'Administrator';

/** In Identity Center; who has the same permission set has the same role. */
export const inSet = (set: string, name: string): Who =>
  inRole(permissionSet(set), `${name}@acme.example`);

type Habits = Omit<Person, 'name' | 'who'>;
const allOf = (set: string, names: readonly string[], habits: Habits): Person[] =>
  names.map((name) => ({ name, who: inSet(set, name), ...habits }));

export const PEOPLE: readonly Person[] = [
  ...allOf(ANALYSTS, ['amy', 'bea', 'cem', 'dora'], {
    keys: ['export', 'growth'],
    reads: 1.5,
    ...inTheUsa,
    ...byHand,
  }),
  // On the first day in the company
  ...allOf(ANALYSTS, ['ivo'], {
    keys: ['export', 'growth'],
    reads: 2,
    since: WARM_UP_DAYS,
    ...inTheUsa,
    ...byHand,
  }),
  ...allOf(ENGINEERS, ['eli', 'fay', 'gus'], {
    keys: ['server', 'web'],
    reads: 2,
    ...inTheUsa,
    ...BY_ENGINEERS,
  }),
  ...allOf(ENGINEERS, ['hanna', 'imke'], {
    keys: ['server'],
    reads: 2,
    ...inGermany,
    ...BY_ENGINEERS,
  }),
  ...allOf(ENGINEERS, ['jens'], {
    keys: ['mobile'],
    reads: 1,
    ...inGermany,
    homes: BLOCKS.homesByIpv6.DE,
    ...byHand,
  }),
  {
    name: 'ann',
    who: inUserSession('ann', 'true'),
    keys: ['web', 'growth'],
    reads: 3,
    ...inTheUsa,
    ...byHand,
  },
  {
    name: 'cleo',
    who: inUserSession('cleo', 'true'),
    keys: ['export', 'beta'],
    reads: 2,
    ...inTheUsa,
    ...byHand,
  },
  {
    name: 'ben',
    who: inUserSession('ben', 'true'),
    keys: ['partner'],
    reads: 3,
    ...inGermany,
    ...byHand,
  },
];

/** With a second factor, whose reads are few and from home. */
export const FREELANCERS: readonly Person[] = ['otto', 'zoe'].map((name) => ({
  name,
  who: inUserSession(name, 'true'),
  keys: ['growth'],
  reads: 1,
  ...inGermany,
  ...byHand,
}));

/** Without a second factor, by a script on their machines. */
const byAccessKey = { reads: 2, fromHome: 0.3, agent: AGENT.cliOnMac, inConsole: 0 };
const USERS: Readonly<Record<string, string>> = {
  carla: 'web',
  omar: 'export',
  nadia: 'mobile',
  pete: 'growth',
  quinn: 'beta',
  rosa: 'server',
  stan: 'billing',
  uma: 'legacy',
  vera: 'partner',
  walt: 'web',
  xenia: 'mobile',
  yuri: 'beta',
  lena: 'export',
  theo: 'server',
};

export const USERS_WITHOUT_MFA: readonly Person[] = Object.entries(USERS).map(([name, key]) => ({
  name,
  who: withAccessKey(name),
  keys: [key],
  ...inTheUsa,
  ...byAccessKey,
}));

const ROLES: Readonly<Record<string, string>> = {
  'ops-admin': 'server',
  'data-admin': 'export',
  'release-admin': 'web',
  'support-admin': 'partner',
  'mobile-admin': 'mobile',
  'billing-admin': 'billing',
  'growth-admin': 'growth',
  'legacy-admin': 'legacy',
};

/** Of wide permissions, taken on by people of the office for their daily work, and only there. */
export const ADMIN_ROLES: readonly Person[] = Object.entries(ROLES).map(([name, key]) => ({
  name,
  who: inRole(name, 'tess'),
  keys: [key],
  ...inTheUsa,
  ...byAccessKey,
  fromHome: 0,
}));
