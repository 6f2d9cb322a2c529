/** An event as somebody sent it. */
export type SentEvent = Readonly<Record<string, unknown>>;

/** A request, less its key. */
export interface SentBatch {
  readonly events: readonly SentEvent[];
  readonly options?: { readonly min_id_length?: number };
}

export interface BatchAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The limits of Amplitude's Batch API, and what a test lets it find fault with.
 * https://amplitude.com/docs/apis/analytics/batch-event-upload
 */
export class BatchRules {
  /** Of one request. */
  most = { events: 2_000, bytes: 20_000_000 };
  /** Names the field of an event that is invalid, if one is. */
  invalidField: (event: SentEvent) => string | undefined = () => undefined;
  /** Events that it refuses without saying which. */
  isUnwelcome: (event: SentEvent) => boolean = () => false;
  /** Users and devices of whom too much comes. */
  readonly throttled = new Set<unknown>();
  /** Devices that Amplitude was told to silence. */
  readonly silenced = new Set<unknown>();

  /** Why a request is refused whose key is known; undefined: it is taken. */
  refusal({ events, options }: SentBatch, bytes: number): BatchAnswer | undefined {
    if (events.length > this.most.events || bytes > this.most.bytes) {
      return { status: 413, body: { code: 413, error: 'Payload too large' } };
    }
    return this.#throttling(events) ?? this.#faults(events, options?.min_id_length ?? 5);
  }

  #throttling(events: readonly SentEvent[]): BatchAnswer | undefined {
    const idsOf = (field: string) =>
      [...new Set(events.map((event) => event[field]))].filter((id) => this.throttled.has(id));
    const rates = (ids: unknown[]) => Object.fromEntries(ids.map((id) => [id, 1_001]));
    const [devices, users] = [idsOf('device_id'), idsOf('user_id')];
    if (devices.length + users.length === 0) return undefined;
    const throttled_events = indexesOf(events, ({ device_id, user_id }) =>
      [device_id, user_id].some((id) => this.throttled.has(id)),
    );
    return {
      status: 429,
      body: {
        code: 429,
        error: 'Too many requests for some devices and users',
        eps_threshold: 1_000,
        throttled_devices: rates(devices),
        throttled_users: rates(users),
        throttled_events,
      },
    };
  }

  #faults(events: readonly SentEvent[], leastId: number): BatchAnswer | undefined {
    const invalid = events.map((event) => faultIn(event, leastId) ?? this.invalidField(event));
    const named = [...new Set(invalid.filter((field) => field !== undefined))];
    const missing = indexesOf(events, ({ event_type }) => event_type === undefined);
    const silenced = indexesOf(events, ({ device_id }) => this.silenced.has(device_id));
    if (named.length + missing.length + silenced.length === 0) {
      const isFine = !events.some((event) => this.isUnwelcome(event));
      return isFine ? undefined : { status: 400, body: { code: 400, error: 'Invalid request' } };
    }
    return {
      status: 400,
      body: {
        code: 400,
        error: 'Request missing required field',
        events_with_invalid_fields: Object.fromEntries(
          named.map((field) => [field, invalid.flatMap((one, at) => (one === field ? [at] : []))]),
        ),
        events_with_missing_fields: missing.length > 0 ? { event_type: missing } : {},
        silenced_events: silenced,
      },
    };
  }
}

const indexesOf = (events: readonly SentEvent[], is: (event: SentEvent) => boolean) =>
  events.flatMap((event, at) => (is(event) ? [at] : []));

/** Shorter ids are dropped, and an event needs one. */
function faultIn({ device_id, user_id, time }: SentEvent, leastId: number): string | undefined {
  const isId = (id: unknown) => typeof id === 'string' && id.length >= leastId;
  if (!isId(device_id) && !isId(user_id)) return 'device_id';
  return time === undefined || Number.isInteger(time) ? undefined : 'time';
}
