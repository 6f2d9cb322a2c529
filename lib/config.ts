import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  AmplitudeEndpoints,
  DataResidency,
  GuardRules,
  NotificationFormat,
} from '../lambda/contract.ts';
import { consumerFaults } from './config-consumers.ts';
import { withDefaults } from './config-defaults.ts';
import { duplicateFaults } from './config-duplicates.ts';
import { ConfigError, type Fault, schemaFaults } from './config-faults.ts';
import { databaseFaults } from './config-guard.ts';
import { keyFaults } from './config-keys.ts';
import { wrongPlaces } from './config-places.ts';
import { relationFaults } from './config-relations.ts';
import {
  environmentSchema,
  isObject,
  type ValidEnvironment,
  type ValidKey,
} from './config-schema.ts';
import type {
  LogSubscriptionValues,
  ResponderValues,
  TracingValues,
} from './environment-values.ts';

/** A key with its defaults merged in. */
export type KeyConfig = { readonly name: string } & Readonly<ValidKey>;

/** An environment with its defaults merged in and checked. */
export interface EnvironmentConfig {
  readonly name: string;
  readonly account?: string;
  readonly region?: string;
  readonly amplitude: {
    readonly organization: string;
    readonly projectId: string;
    readonly dataResidency: DataResidency;
    readonly endpoints: Readonly<Record<DataResidency, AmplitudeEndpoints>>;
  };
  readonly notify: readonly string[];
  readonly notificationFormat: NotificationFormat;
  readonly rotationWindowHours: number;
  readonly breakGlassRoleArn?: string;
  readonly responder: ResponderValues;
  readonly cloudTrailLogGroup?: string;
  readonly reclaimAfterDays: number;
  readonly logSubscription?: LogSubscriptionValues;
  readonly tracing?: TracingValues;
  readonly accessGuard?: GuardConfig;
  readonly keys: readonly KeyConfig[];
}

/** The rules that the guard is told, and what becomes a layer of its function. */
export interface GuardConfig extends GuardRules {
  /** Absolute path. */
  readonly geoDatabase?: string;
}

export type Config = Readonly<Record<string, EnvironmentConfig>>;

export const DEFAULT_ENDPOINTS: Readonly<Record<DataResidency, AmplitudeEndpoints>> = {
  US: {
    developer: 'https://developer-api.amplitude.com',
    ingestion: 'https://api2.amplitude.com',
    dashboard: 'https://amplitude.com',
  },
  EU: {
    developer: 'https://developer-api.eu.amplitude.com',
    ingestion: 'https://api.eu.amplitude.com',
    dashboard: 'https://analytics.eu.amplitude.com',
  },
};

const ENVIRONMENT_NAME = /^[a-z][a-z0-9-]{0,15}$/;

export interface ParseOptions {
  /**
   * What a fault calls the file; paths in it are relative to its folder.
   * @default lib/environments.ts
   */
  readonly file?: string | undefined;
  /**
   * What was found when the file was read.
   * @default nothing
   */
  readonly ofReading?: readonly Fault[];
  /**
   * A grant that ended before is a fault, and so is a database of countries that can't be used: for
   * whoever makes a stack of it or looks at it. Who acts in an emergency isn't held up by either.
   * @default grants may have ended, and files aren't looked at
   */
  readonly now?: Date;
}

/** @throws ConfigError with every fault of every environment at once, those of the reading included */
export function parseEnvironments(
  input: unknown,
  { file, ofReading = [], now }: ParseOptions = {},
): Config {
  const written = isObject(input) ? Object.entries(input) : [];
  const faults = [...ofReading];
  if (written.length === 0) {
    faults.push({ path: 'environments', message: 'expected at least one environment by name' });
  }
  const config: Record<string, EnvironmentConfig> = {};
  for (const [name, values] of written) {
    const result = parseEnvironment(name, values, { folder: dirname(pathOf(file)), now });
    if ('faults' in result) faults.push(...result.faults);
    else config[name] = result.environment;
  }
  if (faults.length > 0) throw new ConfigError(faults, file);
  return config;
}

type Parsed = { readonly faults: Fault[] } | { readonly environment: EnvironmentConfig };

interface Surroundings {
  /** Of the file. */
  readonly folder: string;
  readonly now: Date | undefined;
}

function parseEnvironment(name: string, values: unknown, { folder, now }: Surroundings): Parsed {
  const faults: Fault[] = [];
  if (!ENVIRONMENT_NAME.test(name)) {
    const rule = 'lower-case letters, digits and hyphens, a letter first, at most 16 characters';
    faults.push({ path: name, message: `expected a name of ${rule}` });
  }
  const merged = withDefaults(values, folder);
  const { data, error } = environmentSchema.safeParse(merged);
  const issues = error?.issues ?? [];
  const isWrong = wrongPlaces(issues);
  faults.push(...schemaFaults(name, issues, values), ...relationFaults(name, merged, isWrong));
  faults.push(...consumerFaults(name, values, { isWrong, now }));
  if (now) faults.push(...databaseFaults(name, merged, isWrong));
  const told = new Set(faults.map(({ path }) => path));
  faults.push(...keyFaults(values, name).filter(({ path }) => !told.has(path)));
  return data && faults.length === 0 ? { environment: resolved(name, data) } : { faults };
}

function resolved(name: string, environment: ValidEnvironment): EnvironmentConfig {
  const { amplitude, keys, keyDefaults: _, ...rest } = environment;
  const endpoints = (region: DataResidency) => ({
    ...DEFAULT_ENDPOINTS[region],
    ...amplitude.endpoints?.[region],
  });
  return {
    name,
    ...rest,
    amplitude: { ...amplitude, endpoints: { US: endpoints('US'), EU: endpoints('EU') } },
    keys: Object.entries(keys).map(([key, values]) => ({ name: key, ...values })),
  } as EnvironmentConfig;
}

const pathOf = (file: string | undefined) =>
  file ? resolve(file) : resolve(import.meta.dirname, 'environments.ts');

/** The environments as a file writes them, and what only its text shows. */
export interface Written {
  readonly environments: unknown;
  readonly faults: readonly Fault[];
}

/** @throws ConfigError when the file doesn't load */
export async function readEnvironmentsFile(file?: string): Promise<Written> {
  const path = pathOf(file);
  try {
    const module = await import(pathToFileURL(path).href);
    return { environments: module.environments ?? {}, faults: await duplicateFaults(path) };
  } catch (error) {
    const missing = (error as { code?: string }).code === 'ERR_MODULE_NOT_FOUND';
    const why = missing ? 'there is no such file' : `it does not load: ${(error as Error).message}`;
    throw new ConfigError([{ path: 'environments', message: why }], file);
  }
}

/** @throws ConfigError with every fault at once */
export async function loadEnvironments(
  file?: string,
  options: Pick<ParseOptions, 'now'> = {},
): Promise<Config> {
  const { environments, faults } = await readEnvironmentsFile(file);
  return parseEnvironments(environments, { ...options, file, ofReading: faults });
}

/** What is allowed and rarely meant. */
export function warningsOf(environment: EnvironmentConfig): string[] {
  const { name, keys } = environment;
  const browser = keys.filter(
    ({ audience, rotateEveryDays }) => audience === 'browser' && rotateEveryDays < 180,
  );
  return [
    ...topicWarnings(environment),
    ...keys
      .filter(({ consumers }) => consumers.length === 0)
      .map(
        (key) =>
          `${name}.keys.${key.name}: no consumers, so nobody but the functions, CloudFormation and break-glass can read it: a deployment cuts off whoever does now`,
      ),
    ...browser.map(
      (key) =>
        `${name}.keys.${key.name}: a browser key every ${key.rotateEveryDays} days gives each anonymous visitor a new device ID as often`,
    ),
  ];
}

function topicWarnings({ name, notify, notificationFormat }: EnvironmentConfig): string[] {
  if (notificationFormat === 'text' && notify.length === 0) {
    return [`${name}.notify: no address, so nobody hears of a failed rotation`];
  }
  if (notificationFormat === 'chat' && notify.length > 0) {
    return [`${name}.notify: notices are written for chats, so these addresses are sent JSON`];
  }
  return [];
}
