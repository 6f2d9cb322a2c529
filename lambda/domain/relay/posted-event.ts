import { idIn, nameIn } from './plain.ts';
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
  if (!isObject(event)) return 'it is no object';
  const {
    event_type: type,
    user_id,
    device_id,
    time,
    insert_id,
    event_properties,
    ...rest
  } = event;
  const properties = event_properties ?? {};
  if (type === undefined) return 'event_type is missing';
  if (typeof type !== 'string' || nameIn(type) === undefined) {
    return 'event_type is no name of 1 to 256 characters';
  }
  if (/^(\$|\[Amplitude\])/.test(type)) return "event_type is one of Amplitude's own";
  const userId = user_id ?? undefined;
  if (userId !== undefined && typeof userId !== 'string') return 'user_id is no text';
  const deviceId = idIn(device_id);
  if ((device_id ?? undefined) !== undefined && (deviceId?.length ?? 0) < 5) {
    return 'device_id is no id of 5 to 128 characters';
  }
  if (deviceId !== undefined && isNobody(deviceId))
    return 'device_id is one that Amplitude refuses';
  if (!userId && deviceId === undefined) return 'user_id and device_id are missing';
  if (time !== undefined && !(Number.isSafeInteger(time) && (time as number) > 0)) {
    return 'time is no number of milliseconds since 1970';
  }
  const insertId = idIn(insert_id);
  if (insert_id !== undefined && insertId === undefined) {
    return 'insert_id is no id of 1 to 128 characters';
  }
  if (!isObject(properties)) return 'event_properties is no object';
  return {
    type,
    properties,
    others: Object.keys(rest).length,
    ...given({ userId, deviceId, insertId, time: time as number | undefined }),
  };
}

const given = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    readonly [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
