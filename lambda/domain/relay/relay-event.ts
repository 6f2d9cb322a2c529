/** One event as Amplitude's HTTP V2 and Batch APIs take it; only these fields are ever sent. */
export interface AmplitudeEvent {
  readonly event_type: string;
  readonly user_id?: string;
  readonly device_id?: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Amplitude counts events with the same one, of the same device, once within seven days. */
  readonly insert_id: string;
  readonly event_properties: Readonly<Record<string, string | number | boolean>>;
}

/** What the queue holds: nothing of it was written by a person who used an app. */
export interface RelayEvent {
  readonly event: AmplitudeEvent;
  /** When the intake took it, ISO 8601. */
  readonly receivedAt: string;
  /** Of an execution whose models may come in other requests. */
  readonly awaits?: Awaited;
}

/** Which calls of models are the execution's, and where they are told. */
export interface Awaited {
  /** By which its calls are known. */
  readonly trace: string;
  /** Name of the event's property that takes the models. */
  readonly property: string;
  /** Those that came with it. */
  readonly models: readonly string[];
  /** Milliseconds since 1970, between which its calls ended; 0: unknown. */
  readonly startedMs: number;
  readonly endedMs: number;
}
