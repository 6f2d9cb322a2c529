import { AGENT } from '../account/agents.ts';
import { behind, type Moments, seatOf, throughOwnAddress } from '../account/egress.ts';
import { FUNCTIONS, type Func } from '../account/functions.ts';
import { CI_KEYS, CI_ROLE } from '../account/grants.ts';
import { HOSTS, type Host } from '../account/hosts.ts';
import { inRole, ofAccount, permissionSet } from '../account/identities.ts';
import {
  ADMIN_ROLES,
  ANALYSTS,
  ENGINEERS,
  FREELANCERS,
  inSet,
  PEOPLE,
  type Person,
  USERS_WITHOUT_MFA,
} from '../account/people.ts';
import { addressIn, BLOCKS, ENDPOINT, GATEWAYS, OFFICES } from '../account/places.ts';
import { SERVICES, type Service } from '../account/services.ts';
import { sessionOf } from '../actors/func.ts';
import { instanceOf } from '../actors/host.ts';
import { ofRunner } from '../actors/runner.ts';
import type { ServiceActor } from '../actors/service.ts';
import { EMPLOYEES } from '../actors/staff.ts';
import { DAY, MINUTE } from '../calendar.ts';
import type { Random } from '../random.ts';
import {
  type Holder,
  type Machine,
  Pool,
  type Stage,
  type Stranger,
  type Victim,
} from './stage.ts';

/** Roles that somebody gave more permissions than any grant names. */
const WIDE_ROLES = [
  'platform-admin',
  'network-admin',
  'audit-admin',
  'cluster-admin',
  'OrganizationAccountAccessRole',
];

export interface Casting {
  /** Of people, tasks and machines, whose sessions are theirs. */
  readonly account: Random;
  readonly random: Random;
  readonly moments: Moments;
  readonly cmkArn: string;
  readonly services: ReadonlyMap<string, ServiceActor>;
}

/** Whom attacks may befall in this account. */
export function stageOf({ account, random, moments, cmkArn, services }: Casting): Stage {
  const pool = <One>(name: string, all: readonly One[]) => new Pool(name, all, random);
  const machine = (host: Host): Machine => ({
    ...host,
    whoAt: (at) => instanceOf(host, 0, at, account),
    sourceAt: (at) => host.sourceAt(at, moments, seatOf(account.of(host.name, 0, 'seat'))),
    readsADay: (host.machines * host.keys.length * DAY) / (host.everyMinutes * MINUTE),
  });
  const [hosts, edges] = [
    HOSTS.filter(({ through }) => !through),
    HOSTS.filter(({ through }) => through),
  ];
  const task = (service: Service): Victim => ({
    name: service.name,
    keys: service.keys,
    agent: service.agentAt(0, moments),
    whoAt: (at) => services.get(service.name)?.taskAt(at) ?? inRole(service.name, 'task'),
  });
  // Those that have been there for long enough to be known
  const known = SERVICES.filter(({ since }) => since === undefined);
  const isRoaming = ({ sourceAt }: Service) => sourceAt === throughOwnAddress;
  const inVpcs = FUNCTIONS.filter(({ name }) => name !== 'webhooks').map(victim);
  const roamers = [
    ...known.filter(isRoaming).map(task),
    ...FUNCTIONS.filter(({ name }) => name === 'webhooks').map(victim),
    { name: CI_ROLE, keys: CI_KEYS, agent: AGENT.cliOnRunner, whoAt: () => ofRunner() },
  ];
  const tasks = [
    ...known.filter((service) => !isRoaming(service)).map(task),
    ...inVpcs,
    ...edges.map(machine).map((one) => ({ ...one, agent: AGENT.pythonOnHost })),
  ];
  return {
    cmkArn,
    tasks: pool('tasks', tasks),
    roamers: pool('roamers', roamers),
    machines: pool('machines', hosts.map(machine)),
    users: pool('users', USERS_WITHOUT_MFA.map(holder)),
    usersWithMfa: pool('users with MFA', FREELANCERS.map(holder)),
    adminRoles: pool('roles of administrators', ADMIN_ROLES.map(holder)),
    wideRoles: pool('roles of wide permissions', WIDE_ROLES),
    strangers: pool('strangers', strangersIn(random.of('where strangers are'))),
    insiders: pool('insiders', insidersIn(random.of('which insiders'))),
    employees: pool('employees', EMPLOYEES.slice(0, 2)),
  };
}

const victim = (func: Func): Victim => ({ ...func, whoAt: () => sessionOf(func) });

const holder = ({ name, who, keys, agent, office }: Person): Holder => ({
  name,
  keys,
  agent,
  office,
  whoAt: () => who,
});

/** One of each permission set who is in the office, and the users with a second factor. */
function insidersIn(random: Random): Holder[] {
  const of = (set: string) =>
    PEOPLE.filter(({ who }) => who.principal.includes(permissionSet(set))).map(holder);
  const users = PEOPLE.filter(({ who }) => who.principal.includes(':user/')).map(holder);
  return [
    random.pick(of(ANALYSTS)),
    random.pick(of(ENGINEERS).filter(({ name }) => name !== 'eli')),
    ...users,
  ];
}

/** Some within the network, some on servers of AWS, some in the office. */
const strangersIn = (random: Random): Stranger[] => [
  {
    who: inRole('notebook-execution', 'SageMaker'),
    source: behind(seatOf(random), ENDPOINT),
    agent: AGENT.pythonOnHost,
  },
  {
    who: inRole('legacy-etl', 'i-0c0ffee0c0ffee012'),
    source: { from: GATEWAYS[0] ?? '' },
    agent: AGENT.java,
  },
  {
    who: inRole('support-tool', 'support-tool'),
    source: { from: addressIn(BLOCKS.aws.US, random) },
    agent: AGENT.nodeOnLambda,
  },
  { who: inSet('PowerUser', 'nick'), source: { from: OFFICES.US }, agent: AGENT.cliOnMac },
  {
    who: ofAccount('777788889999', 'collector'),
    source: { from: addressIn(BLOCKS.rented.NL, random) },
    agent: AGENT.pythonOnHost,
  },
  {
    who: inRole('jenkins-agent', 'build'),
    source: { from: addressIn(BLOCKS.runners.US, random) },
    agent: AGENT.cliOnRunner,
  },
];
