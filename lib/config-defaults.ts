import { resolve } from 'node:path';
import { isObject } from './config-schema.ts';

const KEY_DEFAULTS = {
  rotateEveryDays: 90,
  retainPreviousDays: 30,
  verification: 'query',
  standby: 'always',
  sensitivity: 'normal',
  consumers: [],
} as const;

/** Of an access guard, where there is one. */
const GUARD_DEFAULTS = {
  allowedRanges: [],
  deniedRanges: [],
  mostReads: 100,
  withinMinutes: 5,
  requireMfa: true,
  ownRanges: [],
  learningDays: 7,
  weights: { device: 30, location: 25, behaviour: 45 },
  notifyAt: 40,
  quarantineAt: 70,
  answer: 'observe',
  quarantineHours: 24,
  mostQuarantinesAnHour: 5,
} as const;

const ENVIRONMENT_DEFAULTS = {
  notify: [],
  notificationFormat: 'text',
  rotationWindowHours: 4,
  reclaimAfterDays: 30,
  responder: { requireMfa: true },
} as const;

/** An environment as it is written, with whatever it leaves out; `folder`: where its file is. */
export function withDefaults(values: unknown, folder: string): unknown {
  if (!isObject(values)) return values;
  const defaults = isObject(values.keyDefaults) ? values.keyDefaults : {};
  const { accessGuard } = values;
  const keys = isObject(values.keys)
    ? Object.fromEntries(
        Object.entries(values.keys).map(([name, key]) => [
          name,
          isObject(key) ? { ...KEY_DEFAULTS, ...defaults, ...key } : key,
        ]),
      )
    : values.keys;
  const guard = isObject(accessGuard) ? { accessGuard: guardOf(accessGuard, folder) } : {};
  return { ...ENVIRONMENT_DEFAULTS, ...values, ...guard, keys };
}

function guardOf(written: Record<string, unknown>, folder: string): object {
  const { geoDatabase } = written;
  const isPath = typeof geoDatabase === 'string' && geoDatabase.trim() !== '';
  const absolute = isPath ? { geoDatabase: resolve(folder, geoDatabase) } : {};
  return { ...GUARD_DEFAULTS, ...written, ...absolute };
}
