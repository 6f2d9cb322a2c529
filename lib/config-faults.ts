import type * as z from 'zod';
import { withoutKeys } from './config-keys.ts';
import { isObject, KNOWN_FIELDS } from './config-schema.ts';

/** One thing that is wrong in the configuration, and where. */
export interface Fault {
  /** `prod.keys.web.retainPreviousDays` */
  readonly path: string;
  readonly message: string;
}

export class ConfigError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[], file = 'lib/environments.ts') {
    const told = faults.map(({ path, message }) => ({
      path: withoutKeys(path),
      message: withoutKeys(message),
    }));
    const lines = told.map(({ path, message }) => `  ${path}: ${message}`);
    const count = told.length === 1 ? 'One fault' : `${told.length} faults`;
    super([`${count} in ${withoutKeys(file)}:`, ...lines].join('\n'));
    this.name = 'ConfigError';
    this.faults = told;
  }
}

type Issue = z.core.$ZodIssue;

/**
 * What the schema found, in this project's words. What a key has only from `keyDefaults` is told of
 * there, once.
 */
export function schemaFaults(
  environment: string,
  issues: readonly Issue[],
  written: unknown,
): Fault[] {
  return issues.flatMap((issue) => {
    const path = [environment, ...issue.path.map(String)];
    if (issue.code !== 'unrecognized_keys') {
      const fault = { path: path.join('.'), message: wording(issue) };
      return isInherited(written, issue.path) ? [] : [fault];
    }
    const known = knownFields(path).join(', ');
    return issue.keys
      .filter((field) => !isInherited(written, [...issue.path, field]))
      .map((field) => ({
        path: [...path, field].join('.'),
        message: `unknown field; the fields are ${known}`,
      }));
  });
}

function isInherited(written: unknown, [at, name, field]: readonly PropertyKey[]): boolean {
  if (at !== 'keys' || field === undefined || !isObject(written)) return false;
  const { keys, keyDefaults } = written;
  if (!isObject(keys) || !isObject(keyDefaults)) return false;
  const own = keys[String(name)];
  return isObject(own) && !(field in own) && field in keyDefaults;
}

/** Fields have words of their own in the schema; only a missing or wrong object has not. */
function wording({ code, message }: z.core.$ZodIssue): string {
  const own = !message.startsWith('Invalid input');
  return own || code !== 'invalid_type' ? message : 'expected an object in braces';
}

function knownFields(path: readonly string[]): readonly string[] {
  if (path[1] === 'keys') return keyFields(path.slice(3));
  if (path[1] === 'keyDefaults') return keyFields(path.slice(2));
  if (path[2] === 'endpoints') {
    return path.length === 3 ? ['US', 'EU'] : ['developer', 'ingestion', 'dashboard'];
  }
  const [, part, within] = path;
  if (part === 'accessGuard' && within === 'weights') return KNOWN_FIELDS.riskWeights;
  const parts = ['amplitude', 'responder', 'logSubscription', 'tracing', 'accessGuard'] as const;
  return KNOWN_FIELDS[parts.find((one) => one === part) ?? 'environment'];
}

function keyFields([part, , field]: readonly string[]): readonly string[] {
  if (part !== 'consumers') return KNOWN_FIELDS.key;
  const nested = (['principalTag', 'ecsService'] as const).find((one) => one === field);
  return KNOWN_FIELDS[nested ?? 'consumer'];
}
