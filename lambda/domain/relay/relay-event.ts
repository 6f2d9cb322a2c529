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
  /**
   * Of an execution whose model didn't come with it: the trace by which its LLM calls are known, and
   * the name of the property that takes the model.
   */
  readonly awaits?: { readonly trace: string; readonly property: string };
}
