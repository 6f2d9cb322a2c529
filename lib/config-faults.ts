import type * as z from 'zod';
import { KNOWN_FIELDS, type ValidEnvironment, type ValidKey } from './config-schema.ts';

/** CloudFormation allows a stack 500 resources; a key takes three, and the rest stays well below. */
const MAX_KEYS = 100;
const KEY_NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** One thing that is wrong in the configuration, and where. */
export interface Fault {
  /** `prod.keys.web.retainPreviousDays` */
  readonly path: string;
  readonly message: string;
}

export class ConfigError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[], file = 'lib/environments.ts') {
    const lines = faults.map(({ path, message }) => `  ${path}: ${message}`);
    const count = faults.length === 1 ? 'One fault' : `${faults.length} faults`;
    super([`${count} in ${file}:`, ...lines].join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** What the schema found, in this project's words. */
export function schemaFaults(environment: string, issues: readonly z.core.$ZodIssue[]): Fault[] {
  return issues.flatMap((issue) => {
    const path = [environment, ...issue.path.map(String)];
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: path.join('.'), message: wording(issue) }];
    }
    const known = knownFields(path).join(', ');
    return issue.keys.map((key) => ({
      path: [...path, key].join('.'),
      message: `unknown field; the fields are ${known}`,
    }));
  });
}

/** Fields have words of their own in the schema; only a missing or wrong object has not. */
function wording({ code, message }: z.core.$ZodIssue): string {
  const own = !message.startsWith('Invalid input');
  return own || code !== 'invalid_type' ? message : 'expected an object in braces';
}

function knownFields(path: readonly string[]): readonly string[] {
  if (path[1] === 'keys') return KNOWN_FIELDS.key;
  if (path[2] === 'endpoints') {
    return path.length === 3 ? ['US', 'EU'] : ['developer', 'ingestion', 'dashboard'];
  }
  const [, part] = path;
  if (part === 'amplitude' || part === 'logSubscription' || part === 'tracing') {
    return KNOWN_FIELDS[part];
  }
  return KNOWN_FIELDS.environment;
}

/** What no single field shows: how fields and keys fit together. */
export function relationFaults(environment: string, values: ValidEnvironment): Fault[] {
  const { keys } = values;
  const names = Object.keys(keys);
  const at = `${environment}.keys`;
  const count =
    names.length > MAX_KEYS
      ? [
          {
            path: at,
            message: `${names.length} keys, at most ${MAX_KEYS} fit a stack: split the environment`,
          },
        ]
      : [];
  return [
    ...regionFaults(environment, values),
    ...streamFaults(environment, values),
    ...count,
    ...names.flatMap((name) => nameFaults(at, name, names)),
    ...Object.entries(keys).flatMap(([name, key]) => keyFaults(`${at}.${name}`, key, keys)),
  ];
}

/** CloudWatch Logs and Lambda take nothing of another Region. */
function regionFaults(environment: string, values: ValidEnvironment): Fault[] {
  const { region, logSubscription, tracing } = values;
  const arns = {
    'logSubscription.destinationArn': logSubscription?.destinationArn,
    'tracing.layerArn': tracing?.layerArn,
  };
  return Object.entries(arns).flatMap(([field, arn]) => {
    const its = arn?.split(':')[3];
    if (!region || !its || its === region) return [];
    const message = `it is in ${its}, the environment in ${region}: name one of ${region}`;
    return [{ path: `${environment}.${field}`, message }];
  });
}

function streamFaults(environment: string, { logSubscription }: ValidEnvironment): Fault[] {
  const { destinationArn = '', roleArn } = logSubscription ?? {};
  const isStream = /^arn:[^:]+:(firehose|kinesis):/.test(destinationArn);
  if (!isStream || roleArn) return [];
  const message =
    'expected the ARN of the role that CloudWatch Logs writes to the stream with, got nothing';
  return [{ path: `${environment}.logSubscription.roleArn`, message }];
}

function nameFaults(at: string, name: string, names: readonly string[]): Fault[] {
  const path = `${at}.${name === '' ? '""' : name}`;
  if (name.trim() === '') return [{ path, message: 'a key needs a name' }];
  const same = names.find((other) => other !== name && canonical(other) === canonical(name));
  if (same !== undefined && name > same) {
    return [{ path, message: `duplicate of key "${same}"` }];
  }
  if (KEY_NAME.test(name)) return [];
  const rule = 'lower-case letters, digits and hyphens, a letter first, at most 40 characters';
  return [{ path, message: `expected a name of ${rule}` }];
}

const canonical = (name: string) => name.trim().toLowerCase();

function keyFaults(at: string, key: ValidKey, keys: Readonly<Record<string, ValidKey>>): Fault[] {
  const faults: Fault[] = [];
  const fault = (field: string, message: string) =>
    faults.push({ path: `${at}.${field}`, message });
  const { kind, pairedWith, retainPreviousDays: retention, rotateEveryDays: cycle } = key;
  if (retention > cycle) {
    fault(
      'retainPreviousDays',
      `${retention} days outlast the cycle of ${cycle} days (rotateEveryDays)`,
    );
  }
  if (retention < 30 && !key.retentionReason) {
    fault('retentionReason', `a retention of ${retention} days, below 30, needs a written reason`);
  }
  if (kind === 'secret' && !pairedWith) {
    fault(
      'pairedWith',
      'expected the name of the API key that completes this secret key, got nothing',
    );
  }
  if (kind === 'ingestion' && pairedWith) {
    fault('pairedWith', 'only a key of kind secret is paired');
  }
  if (kind === 'secret' && pairedWith && keys[pairedWith]?.kind !== 'ingestion') {
    fault('pairedWith', `"${pairedWith}" is not an ingestion key of this environment`);
  }
  if (kind === 'secret' && key.verification === 'canary') {
    fault('verification', "a secret key can't write events: expected 'query'");
  }
  return faults;
}
