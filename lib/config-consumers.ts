import { FUNCTION_NOUNS, probeRoleName, QUARANTINE_TAGS, roleName } from '../lambda/contract.ts';
import type { Fault } from './config-faults.ts';
import type { IsWrong } from './config-places.ts';
import { isObject, type ValidConsumer, type ValidEnvironment } from './config-schema.ts';
import { accountIn, endOf, partitionOf, principalOf } from './grants.ts';

/**
 * A secret has 50 tags; the others are settings and a lockdown (12), notes (11, a finding or two more),
 * quarantines, and the tags of whoever owns the account.
 */
const MAX_TAGS = 25 - QUARANTINE_TAGS;
/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html */
const MAX_TAG_VALUE = 256;

type Account = Partial<Pick<ValidEnvironment, 'account' | 'region' | 'breakGlassRoleArn'>>;

interface Asked {
  readonly isWrong: IsWrong;
  /** @default grants may have ended */
  readonly now?: Date | undefined;
}

/**
 * How the fields of consumers fit together, of each list where it is written: what keys have from
 * `keyDefaults` is told of there, once. Passes over what depends on a field that is wrong itself.
 */
export function consumerFaults(environment: string, written: unknown, asked: Asked): Fault[] {
  if (!isObject(written) || asked.isWrong()) return [];
  const { keyDefaults, keys } = written;
  const fields = ['account', 'region', 'breakGlassRoleArn'] as const;
  const account: Account = Object.fromEntries(
    fields.filter((field) => !asked.isWrong(field)).map((field) => [field, written[field]]),
  );
  const holders = [
    ['keyDefaults', keyDefaults],
    ...(isObject(keys) ? Object.entries(keys) : []).map(([name, key]) => ['keys', name, key]),
  ];
  return holders.flatMap((holder) => {
    const place = [...holder.slice(0, -1).map(String), 'consumers'];
    const key = holder.at(-1);
    if (!isObject(key) || !Array.isArray(key.consumers) || asked.isWrong(...place)) return [];
    return listFaults(place, key.consumers, { ...asked, environment, account });
  });
}

interface Around extends Asked {
  readonly environment: string;
  readonly account: Account;
}

function listFaults(
  place: readonly string[],
  consumers: readonly ValidConsumer[],
  around: Around,
): Fault[] {
  const { environment, isWrong } = around;
  const at = [environment, ...place].join('.');
  const sound = consumers.map((consumer, index) =>
    isObject(consumer) && FIELDS.every((field) => !isWrong(...place, index, ...field.split('.')))
      ? consumer
      : undefined,
  );
  return [
    ...sound.flatMap((consumer, index) => {
      if (!consumer) return [];
      const faults = [...namingFaults(consumer), ...endFaults(consumer, around.now)];
      const own = faults.length > 0 ? faults : placeFaults(consumer, around);
      return own.map(([field, message]) => ({
        path: [at, index, ...(field ? [field] : [])].join('.'),
        message,
      }));
    }),
    ...duplicates(at, sound, around.account.account),
    ...tagFaults(at, sound),
  ];
}

type Field = keyof ValidConsumer;
/** One whose fault is the consumer's as a whole has no field. */
type Told = readonly [field: Field | undefined, message: string];

/** All but `purpose`, on which nothing else depends. */
const FIELDS = [
  'role',
  'account',
  'roleName',
  'principalTag.key',
  'principalTag.value',
  'expires',
  'from',
  'expiresIn',
  'vpcEndpoint',
  'organization',
  'ecsService',
] as const;
const NAMES = ['role', 'roleName', 'principalTag'] as const;

const nameOf = (consumer: ValidConsumer) => NAMES.find((name) => consumer[name] !== undefined);

function namingFaults(consumer: ValidConsumer): Told[] {
  const { role, account, roleName, principalTag } = consumer;
  const [first, second] = NAMES.filter((name) => consumer[name] !== undefined);
  if (!first) {
    const message = account
      ? 'expected roleName or principalTag beside account, got neither'
      : 'expected role, or account and roleName, or principalTag, got none: name the consumer by one of them';
    return [[undefined, message]];
  }
  if (second) {
    return [[second, `the consumer is named by ${first} already: keep one of the two`]];
  }
  if (role && account) return [['account', 'role names its account itself: take account out']];
  if (roleName && !account) {
    return [['account', 'expected the account of the role, 12 digits, got nothing']];
  }
  const tag = principalTag ? principalOf(consumer, '') : '';
  if (tag.length <= MAX_TAG_VALUE) return [];
  const most = MAX_TAG_VALUE - 'PrincipalTag/='.length;
  const has = tag.length - 'PrincipalTag/='.length;
  return [['principalTag', `expected at most ${most} characters of key and value, got ${has}`]];
}

function endFaults(consumer: ValidConsumer, now: Date | undefined): Told[] {
  const { expires, from, expiresIn } = consumer;
  if (expires && (from || expiresIn)) {
    return [['expires', 'the end is said by from and expiresIn too: keep one of the two']];
  }
  if (expiresIn && !from) {
    return [['from', "expected when expiresIn begins, such as '2027-01-31', got nothing"]];
  }
  if (from && !expiresIn) {
    return [['expiresIn', 'expected the seconds from from to the end of the grant, got nothing']];
  }
  const end = endOf(consumer);
  if (!end || !now || end > now) return [];
  const message = `the grant ended on ${end.toISOString()}: take the consumer out, or give it a later end`;
  return [[expires ? 'expires' : 'expiresIn', message]];
}

/** What fits no consumer of that account, or no role of the stack's own. */
function placeFaults(consumer: ValidConsumer, { environment, account }: Around): Told[] {
  const theirs = accountIn(consumer);
  const { role, ecsService, expires, from, vpcEndpoint, organization } = consumer;
  const isElsewhere = account.account && theirs && theirs !== account.account;
  const faults: Told[] = [];
  const partition = account.region && partitionOf(account.region);
  if (role && partition && role.split(':')[1] !== partition) {
    const message = `ARNs of ${account.region} begin with arn:${partition}: nobody there has this one`;
    faults.push(['role', message]);
  }
  if (ecsService && isElsewhere) {
    const message = `the consumer is in account ${theirs}, the environment in ${account.account}: services are restarted in the environment's own only, take it out`;
    faults.push(['ecsService', message]);
  }
  const restricted = { expires, from, vpcEndpoint, organization };
  const [field] = Object.entries(restricted).find(([, value]) => value !== undefined) ?? [];
  if (field && !isElsewhere && isOwnRole(consumer, environment, account)) {
    const message =
      "a grant of a role that the stack itself works with has no end and no condition: it would be locked out, or isn't held back at all";
    faults.push([field as Field, message]);
  }
  return faults;
}

/** The functions, the probe of lockdowns, the CloudFormation execution role and break-glass. */
function isOwnRole(consumer: ValidConsumer, environment: string, { breakGlassRoleArn }: Account) {
  const arn = principalOf(consumer, 'aws');
  const names = [
    ...FUNCTION_NOUNS.map((noun) => roleName(environment, noun)),
    probeRoleName(environment),
    `AmplitudeKeys-${environment}-break-glass`,
  ];
  return (
    arn === breakGlassRoleArn ||
    names.some((name) => arn.endsWith(`:role/${name}`)) ||
    /:role\/cdk-[a-z0-9]+-cfn-exec-role-/.test(arn)
  );
}

function duplicates(
  at: string,
  consumers: readonly (ValidConsumer | undefined)[],
  own: string | undefined,
): Fault[] {
  const identities = consumers.map((consumer) => consumer && identityOf(consumer, own));
  return identities.flatMap((identity, index) => {
    const first = identities.indexOf(identity);
    const [consumer, other] = [consumers[index], consumers[first]];
    if (!identity || first === index || !consumer || !other) return [];
    const message = `duplicate of consumers.${first}.${nameOf(other)}`;
    return [{ path: `${at}.${index}.${nameOf(consumer)}`, message }];
  });
}

/** The same for every way to write it. IAM's condition keys, and so the keys of tags, know no case. */
function identityOf(consumer: ValidConsumer, own: string | undefined): string | undefined {
  const { principalTag } = consumer;
  const account = accountIn(consumer) ?? own;
  if (principalTag) {
    return JSON.stringify([account, principalTag.key.toLowerCase(), principalTag.value]);
  }
  if (!account || !nameOf(consumer)) return undefined;
  return principalOf(consumer, 'aws').replace(/^arn:[^:]+:/, 'arn:aws:');
}

function tagFaults(at: string, consumers: readonly (ValidConsumer | undefined)[]): Fault[] {
  const known = consumers.filter((consumer) => consumer !== undefined);
  const ends = known.filter((consumer) => endOf(consumer)).length;
  const services = known.filter(({ ecsService }) => ecsService).length;
  const count = known.length + ends + services;
  if (count <= MAX_TAGS) return [];
  const message = `${known.length} consumers, ${ends} ends and ${services} ECS services are ${count} tags of the secret, at most ${MAX_TAGS}: name consumers together by a principalTag`;
  return [{ path: at, message }];
}
