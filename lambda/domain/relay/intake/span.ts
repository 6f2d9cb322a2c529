export type AttributeValue = string | number | boolean;

/** A span of OpenTelemetry, as far as anything of it may be of use. */
export interface Span {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly name: string;
  /** Milliseconds since 1970; 0: unknown, as OTLP has it. */
  readonly startMs: number;
  readonly endMs: number;
  readonly status: SpanStatus;
  /** Those whose names are on the list; lists, maps and bytes never are. */
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

export type SpanStatus = 'unset' | 'ok' | 'error';

/** What a request of OTLP held. */
export interface Spans {
  readonly spans: readonly Span[];
  /** Spans without a usable id of their own or of their trace: the answer tells the sender. */
  readonly rejected: number;
  /** Attributes that weren't read. */
  readonly scrubbed: number;
}

/**
 * What one request may hold: a 20 MiB body of nothing but empty spans would else be millions of
 * objects. Dify itself records at most 10,000 spans of a run.
 */
export const MOST_SPANS = 10_000;
