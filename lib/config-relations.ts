import type { Fault } from './config-faults.ts';
import { guardFaults } from './config-guard.ts';
import type { IsWrong } from './config-places.ts';
import { isObject, type ValidEnvironment, type ValidKey } from './config-schema.ts';

/** CloudFormation allows a stack 500 resources; a key takes three, and the rest stays well below. */
const MAX_KEYS = 100;
const KEY_NAME = /^[a-z][a-z0-9-]{0,39}$/;

type Keys = Readonly<Record<string, ValidKey>>;

/**
 * What no single field shows: how keys and their fields fit together. Told beside what the schema
 * found, but for what depends on a field that is wrong itself.
 */
export function relationFaults(environment: string, merged: unknown, isWrong: IsWrong): Fault[] {
  const ofEnvironment = isWrong()
    ? []
    : [
        ...placeFaults(environment, merged as Places, isWrong),
        ...breakGlassFaults(environment, merged as Places, isWrong),
        ...guardFaults(environment, merged as Places, isWrong),
      ];
  if (isWrong('keys')) return ofEnvironment;
  const { keys } = merged as { readonly keys: Keys };
  const names = Object.keys(keys);
  const at = `${environment}.keys`;
  const alike = Map.groupBy(names, canonical);
  // The schema passes a key of the name __proto__ over, whatever it is
  const ofFields = names
    .filter((name) => isObject(keys[name]))
    .flatMap((name) =>
      RELATIONS.filter(
        ({ fields }) => !fields.some((field) => isWrong('keys', name, field)),
      ).flatMap(({ fields: [field], faultOf }) => {
        const message = faultOf(keys[name] as ValidKey, keys);
        return message ? [{ path: `${at}.${name}.${field}`, message }] : [];
      }),
    );
  return [
    ...ofEnvironment,
    ...countFaults(at, names.length),
    ...names.flatMap((name) => nameFaults(at, name, alike)),
    ...ofFields,
  ];
}

type Places = Pick<
  ValidEnvironment,
  'account' | 'region' | 'breakGlassRoleArn' | 'logSubscription' | 'tracing' | 'accessGuard'
>;

/** CloudWatch Logs and Lambda take nothing of another Region; a stream is written to by a role. */
function placeFaults(
  environment: string,
  { region, logSubscription, tracing }: Places,
  isWrong: IsWrong,
): Fault[] {
  const arns = {
    'logSubscription.destinationArn': logSubscription?.destinationArn,
    'tracing.layerArn': tracing?.layerArn,
  };
  const elsewhere = Object.entries(arns).flatMap(([field, arn]) => {
    const its = isWrong('region') || isWrong(...field.split('.')) ? undefined : arn?.split(':')[3];
    if (!region || !its || its === region) return [];
    const message = `it is in ${its}, the environment in ${region}: name one of ${region}`;
    return [{ path: `${environment}.${field}`, message }];
  });
  if (isWrong('logSubscription', 'destinationArn') || isWrong('logSubscription', 'roleArn')) {
    return elsewhere;
  }
  return [...elsewhere, ...streamFaults(environment, logSubscription)];
}

function streamFaults(environment: string, subscription: Places['logSubscription']): Fault[] {
  const { destinationArn = '', roleArn } = subscription ?? {};
  const isStream = /^arn:[^:]+:(firehose|kinesis):/.test(destinationArn);
  if (!isStream || roleArn) return [];
  const message =
    'expected the ARN of the role that CloudWatch Logs writes to the stream with, got nothing';
  return [{ path: `${environment}.logSubscription.roleArn`, message }];
}

/** Nothing of the stack lets another account in, and a role of one couldn't help in an emergency. */
function breakGlassFaults(
  environment: string,
  { account, breakGlassRoleArn }: Places,
  isWrong: IsWrong,
): Fault[] {
  if (!account || !breakGlassRoleArn || isWrong('account') || isWrong('breakGlassRoleArn')) {
    return [];
  }
  const [, , , , theirs] = breakGlassRoleArn.split(':');
  if (theirs === account) return [];
  const message = `it is in account ${theirs}, the environment in ${account}, which lets nobody in from there: name a role of ${account}`;
  return [{ path: `${environment}.breakGlassRoleArn`, message }];
}

function countFaults(path: string, count: number): Fault[] {
  if (count <= MAX_KEYS) return [];
  return [
    { path, message: `${count} keys, at most ${MAX_KEYS} fit a stack: split the environment` },
  ];
}

function nameFaults(
  at: string,
  name: string,
  alike: ReadonlyMap<string, readonly string[]>,
): Fault[] {
  const path = `${at}.${name === '' ? '""' : name}`;
  if (name.trim() === '') return [{ path, message: 'a key needs a name' }];
  const same = alike.get(canonical(name))?.find((other) => other !== name);
  if (same !== undefined && name > same) {
    return [{ path, message: `duplicate of key "${same}"` }];
  }
  if (KEY_NAME.test(name)) return [];
  const rule = 'lower-case letters, digits and hyphens, a letter first, at most 40 characters';
  return [{ path, message: `expected a name of ${rule}` }];
}

const canonical = (name: string) => name.trim().toLowerCase();

interface Relation {
  /** All it depends on; a fault is told of the first. */
  readonly fields: readonly [keyof ValidKey, ...(keyof ValidKey)[]];
  readonly faultOf: (key: ValidKey, keys: Keys) => string | false | undefined;
}

const RELATIONS: readonly Relation[] = [
  {
    fields: ['retainPreviousDays', 'rotateEveryDays'],
    faultOf: ({ retainPreviousDays: retention, rotateEveryDays: cycle }) =>
      retention > cycle && `${retention} days outlast the cycle of ${cycle} days (rotateEveryDays)`,
  },
  {
    fields: ['retentionReason', 'retainPreviousDays'],
    faultOf: ({ retentionReason, retainPreviousDays: retention }) =>
      retention < 30 &&
      !retentionReason &&
      `a retention of ${retention} days, below 30, needs a written reason`,
  },
  {
    fields: ['pairedWith', 'kind'],
    faultOf: ({ pairedWith, kind }) =>
      kind === 'secret' &&
      !pairedWith &&
      'expected the name of the API key that completes this secret key, got nothing',
  },
  {
    fields: ['pairedWith', 'kind'],
    faultOf: ({ pairedWith, kind }) =>
      kind === 'ingestion' && pairedWith && 'only a key of kind secret is paired',
  },
  {
    fields: ['pairedWith', 'kind'],
    faultOf: ({ pairedWith, kind }, keys) => {
      if (kind !== 'secret' || !pairedWith) return false;
      const isKnown = Object.hasOwn(keys, pairedWith) && keys[pairedWith]?.kind !== 'secret';
      return !isKnown && `"${pairedWith}" is not an ingestion key of this environment`;
    },
  },
  {
    fields: ['verification', 'kind'],
    faultOf: ({ verification, kind }) =>
      kind === 'secret' &&
      verification === 'canary' &&
      "a secret key can't write events: expected 'query'",
  },
];
