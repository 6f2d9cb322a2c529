import { tag } from '../../../../lambda/contract.ts';
import { FUNCTIONS } from './functions.ts';
import { HOSTS, ON_PREMISES, RESTARTED } from './hosts.ts';
import { PARTNER_ACCOUNT, permissionSet, roleArn, userArn } from './identities.ts';
import {
  ADMIN_ROLES,
  ANALYSTS,
  ENGINEERS,
  FREELANCERS,
  PEOPLE,
  USERS_WITHOUT_MFA,
} from './people.ts';
import { SERVICES } from './services.ts';

export const KEYS = [
  'web',
  'server',
  'mobile',
  'billing',
  'growth',
  'partner',
  'export',
  'beta',
  'legacy',
] as const;

export const CI_ROLE = 'ci-deploy';
export const CI_KEYS = ['web', 'growth'];
export const JOB_ROLE = 'nightly-export';
export const JOB_KEYS = ['export'];
export const WEEKLY_ROLE = 'weekly-report';
export const WEEKLY_KEYS = ['export', 'growth', 'partner'];
export const PARTNER_KEYS = ['partner'];

/** Who may read a key, and from which day on. */
interface Grant {
  readonly principal: string;
  readonly keys: readonly string[];
  readonly since: number;
}

const of = (principal: string, keys: readonly string[], since = 0): Grant => ({
  principal,
  keys,
  since,
});

/** People with a second factor may read every key, and read one or two. */
const ofPeople = [roleArn(permissionSet(ANALYSTS)), roleArn(permissionSet(ENGINEERS))].concat(
  PEOPLE.map(({ who }) => who.principal).filter((principal) => principal.includes(':user/')),
);

const GRANTS: readonly Grant[] = [
  ...SERVICES.map(({ name, keys, since }) => of(roleArn(name), keys, since)),
  ...FUNCTIONS.map(({ role, keys }) => of(roleArn(role), keys)),
  ...[...HOSTS, RESTARTED].map(({ name, keys }) => of(roleArn(name), keys)),
  of(userArn(ON_PREMISES.name), ON_PREMISES.keys),
  of(roleArn(CI_ROLE), CI_KEYS),
  of(roleArn(JOB_ROLE), JOB_KEYS),
  of(roleArn(WEEKLY_ROLE), WEEKLY_KEYS),
  of(`arn:aws:iam::${PARTNER_ACCOUNT}:role/etl`, PARTNER_KEYS),
  ...[...USERS_WITHOUT_MFA, ...FREELANCERS, ...ADMIN_ROLES].map(({ who, keys }) =>
    of(who.principal, keys),
  ),
  ...ofPeople.map((principal) => of(principal, KEYS)),
];

/** Those of a key by a day, as tags of its secret. */
export function consumerTags(key: string, day: number): Record<string, string> {
  const granted = GRANTS.filter(({ keys, since }) => since <= day && keys.includes(key));
  return Object.fromEntries(
    granted.map(({ principal }, index) => [tag.consumer(index + 1), principal]),
  );
}
