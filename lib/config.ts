import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AmplitudeEndpoints, DataResidency, NotificationFormat } from '../lambda/contract.ts';
import { ConfigError, type Fault, relationFaults, schemaFaults } from './config-faults.ts';
import {
  ENVIRONMENT_DEFAULTS,
  environmentSchema,
  KEY_DEFAULTS,
  type ValidEnvironment,
  type ValidKey,
} from './config-schema.ts';
import type { LogSubscriptionValues, TracingValues } from './environment-values.ts';

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
  readonly logSubscription?: LogSubscriptionValues;
  readonly tracing?: TracingValues;
  readonly keys: readonly KeyConfig[];
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

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws ConfigError with every fault of every environment at once */
export function parseEnvironments(input: unknown, file?: string): Config {
  const written = isObject(input) ? Object.entries(input) : [];
  const faults: Fault[] = [];
  if (written.length === 0) {
    faults.push({ path: 'environments', message: 'expected at least one environment by name' });
  }
  const config: Record<string, EnvironmentConfig> = {};
  for (const [name, values] of written) {
    const result = parseEnvironment(name, values);
    if ('faults' in result) faults.push(...result.faults);
    else config[name] = result.environment;
  }
  if (faults.length > 0) throw new ConfigError(faults, file);
  return config;
}

type Parsed = { readonly faults: Fault[] } | { readonly environment: EnvironmentConfig };

function parseEnvironment(name: string, values: unknown): Parsed {
  const faults: Fault[] = [];
  if (!ENVIRONMENT_NAME.test(name)) {
    const rule = 'lower-case letters, digits and hyphens, a letter first, at most 16 characters';
    faults.push({ path: name, message: `expected a name of ${rule}` });
  }
  const { data, error } = environmentSchema.safeParse(withDefaults(values));
  faults.push(...schemaFaults(name, error?.issues ?? []));
  if (data) faults.push(...relationFaults(name, data));
  return data && faults.length === 0 ? { environment: resolved(name, data) } : { faults };
}

function withDefaults(values: unknown): unknown {
  if (!isObject(values)) return values;
  const { keyDefaults, ...environment } = values;
  const defaults = isObject(keyDefaults) ? keyDefaults : {};
  const keys = isObject(environment.keys)
    ? Object.fromEntries(
        Object.entries(environment.keys).map(([name, key]) => [
          name,
          isObject(key) ? { ...KEY_DEFAULTS, ...defaults, ...key } : key,
        ]),
      )
    : environment.keys;
  return { ...ENVIRONMENT_DEFAULTS, ...environment, keys };
}

function resolved(name: string, { amplitude, keys, ...rest }: ValidEnvironment): EnvironmentConfig {
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

/** The environments as written in a file, unchecked. @throws ConfigError when it gives none */
export async function readEnvironmentsFile(file?: string): Promise<unknown> {
  const path = file ? resolve(file) : resolve(import.meta.dirname, 'environments.ts');
  try {
    const module = await import(pathToFileURL(path).href);
    return module.environments ?? {};
  } catch (error) {
    const missing = (error as { code?: string }).code === 'ERR_MODULE_NOT_FOUND';
    const why = missing ? 'there is no such file' : `it does not load: ${(error as Error).message}`;
    throw new ConfigError([{ path: 'environments', message: why }], file);
  }
}

/** @throws ConfigError with every fault at once */
export async function loadEnvironments(file?: string): Promise<Config> {
  return parseEnvironments(await readEnvironmentsFile(file), file);
}

/** What is allowed and rarely meant. */
export function warningsOf(environment: EnvironmentConfig): string[] {
  const { name, keys } = environment;
  const browser = keys.filter(
    ({ audience, rotateEveryDays }) => audience === 'browser' && rotateEveryDays < 180,
  );
  return [
    ...topicWarnings(environment),
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
