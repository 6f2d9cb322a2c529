/** A call of a model, told by a span of its own. */
export interface ModelCall {
  readonly model: string;
  /** Milliseconds since 1970; 0: the span doesn't say. */
  readonly endedMs: number;
}

/** Calls of models, told by spans that come in other requests than the execution's own. */
export interface Models {
  /** Adds calls to a trace; kept for as long as an event may wait in the queue. */
  add(trace: string, calls: readonly ModelCall[]): Promise<void>;
  /** Of each trace that is known. */
  of(traces: readonly string[]): Promise<ReadonlyMap<string, readonly ModelCall[]>>;
}
