import { idIn, nameIn } from './plain.ts';
import { withoutQuery } from './query.ts';
import { isNobody } from './who.ts';

/** An event as a program posted it, of the fields that are let through; its properties aren't yet. */
export interface PostedEvent {
  readonly type: string;
  readonly userId?: string;
  readonly deviceId?: string;
  readonly time?: number;
  readonly insertId?: string;
  readonly properties: Fields;
  /** How many other fields it has. */
  readonly others: number;
}

export type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns why it can't be taken, in words that name fields and never contents, or the event */
export function postedEvent(event: unknown): PostedEvent | string {
  if (!isObject(event)) return 'it is not an object';
  const { event_type, user_id, device_id, time, insert_id, event_properties } = given(event);
  const type = nameIn(event_type);
  const userId = typeof user_id === 'string' ? user_id : undefined;
  const deviceId = idIn(device_id);
  const insertId = idIn(insert_id);
  const at = Number.isSafeInteger(time) && Number(time) > 0 ? Number(time) : undefined;
  const properties = event_properties ?? {};
  if (event_type === undefined) return 'event_type is missing';
  if (type === undefined) return `event_type is not a name of 1 to 256 characters, ${WITHOUT}`;
  // Cut off, it would be of another type, and nobody would know
  if (type !== withoutQuery(type))
    return 'event_type has a ? or # as URLs have before what may be private: send it without';
  if (/^(\$|\[Amplitude\])/.test(type)) return "event_type is one of Amplitude's own";
  if (user_id !== userId) return 'user_id is not a string';
  if (device_id !== deviceId) return `device_id is not ${AN_ID}`;
  if (deviceId !== undefined && isNobody(deviceId))
    return 'device_id is one that Amplitude refuses';
  if (!userId && deviceId === undefined) return 'user_id and device_id are missing';
  if (time !== at) return 'time is not a whole number of milliseconds since 1970';
  if (at !== undefined && at < SECONDS)
    return 'time is in seconds, and Amplitude takes milliseconds';
  if (insert_id !== insertId) return `insert_id is not ${AN_ID}`;
  if (!isObject(properties)) return 'event_properties is not an object';
  return {
    type,
    properties,
    others: Object.keys(event).length - FIELDS.filter((name) => Object.hasOwn(event, name)).length,
    ...known({ userId, deviceId, insertId, time: at }),
  };
}

const WITHOUT =
  'without an e-mail address or another @, markup, braces, backslashes or line breaks';
const AN_ID = 'an id of 1 to 128 letters, digits, dots, colons, underscores and hyphens';

/** As milliseconds they would be of before 1973. */
const SECONDS = 1e11;

const FIELDS = [
  'event_type',
  'user_id',
  'device_id',
  'time',
  'insert_id',
  'event_properties',
] as const;

/** Those of the fields that are there; what is null in some programs is absent. */
function given(event: Fields): { readonly [Name in (typeof FIELDS)[number]]?: unknown } {
  const own = FIELDS.filter((name) => Object.hasOwn(event, name) && event[name] !== null);
  return Object.fromEntries(own.map((name) => [name, event[name]]));
}

const known = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    readonly [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
