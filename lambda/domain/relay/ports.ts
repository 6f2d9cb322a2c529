/** That a model was called, told by a span of its own. */
export interface ModelCall {
  readonly model: string;
  /** Begin of the five seconds in which the call ended, in milliseconds since 1970; 0: nobody says. */
  readonly slotMs: number;
}

/** Calls of models, told by spans that come in other requests than the execution's own. */
export interface Models {
  /** Adds calls to a trace; kept for as long as an event may wait in the queue. */
  add(trace: string, calls: readonly ModelCall[]): Promise<void>;
  /** Of each trace that is known. */
  of(traces: readonly string[]): Promise<ReadonlyMap<string, readonly ModelCall[]>>;
}
