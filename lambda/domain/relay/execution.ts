import { boundedJson } from '../bounded-json.ts';
import { idIn, modelIn, nameIn, numberIn, versionIn, wordIn } from './plain.ts';
import { type Facts, METADATA, scrub } from './scrub.ts';
import type { AttributeValue, Span, Spans } from './span.ts';

/** A run of a workflow, or a message of a chat, as Dify tells of it. */
export interface Execution {
  readonly of: 'workflow' | 'chat';
  readonly traceId: string;
  /** Dify's id of the run or of the message; of a span that names none, its own. */
  readonly id: string;
  readonly userId?: string;
  /** Milliseconds since 1970; absent where the span doesn't say. */
  readonly endedMs?: number;
  /** Names of the models that answered it, in alphabetical order; empty: none is known. */
  readonly models: readonly string[];
  readonly workflowId?: string;
  readonly app?: string;
  readonly appId?: string;
  readonly status?: string;
  readonly seconds?: number;
  readonly tokens?: number;
  readonly version?: string;
  readonly triggeredFrom?: string;
}

/** What the spans of a request tell. */
export interface Told {
  readonly executions: readonly Execution[];
  /**
   * Models by trace, of traces whose execution isn't in this request: it came before or will come.
   * Dify's Phoenix provider sends every span in a request of its own.
   */
  readonly models: ReadonlyMap<string, readonly string[]>;
  readonly scrubbed: number;
}

export function executionsIn({ spans, scrubbed }: Spans): Told {
  const read = spans.map(readSpan);
  const models = new Map<string, Set<string>>();
  for (const { span, model } of read) {
    if (model === undefined) continue;
    models.set(span.traceId, (models.get(span.traceId) ?? new Set()).add(model));
  }
  const executions = read.flatMap(({ span, facts, of, model }) => {
    if (of !== 'workflow' && of !== 'chat') return [];
    const own =
      of === 'chat' && model !== undefined ? [model] : [...(models.get(span.traceId) ?? [])];
    return [executionOf(of, span, facts, own.sort())];
  });
  for (const { traceId } of executions) models.delete(traceId);
  return {
    executions,
    models: new Map([...models].map(([trace, names]) => [trace, [...names].sort()])),
    scrubbed: read.reduce((sum, one) => sum + one.scrubbed, scrubbed),
  };
}

interface Read {
  readonly span: Span;
  readonly facts: Facts;
  readonly of: Execution['of'] | 'step';
  readonly model: string | undefined;
  readonly scrubbed: number;
}

function readSpan(span: Span): Read {
  const said = span.attributes.get(METADATA);
  const { facts, scrubbed } = scrub(span, typeof said === 'string' ? boundedJson(said) : undefined);
  return { span, facts, of: kindOf(span, facts), model: modelIn(facts.model), scrubbed };
}

/**
 * Three generations of Dify's providers, told apart by names that no app can choose:
 * - Phoenix today (arize_phoenix_trace.py): `workflow_trace_<run id>`, `message_trace`, with
 *   `trace_entity_type` in the metadata, beside tools whose span is called as a person called them;
 * - the unified runtime (core/ops/unified_trace, pull request 41537): `workflow_<run id>`,
 *   `message`; a `chatflow_<run id>` is around its workflow and is no run of its own;
 * - durable delivery (core/ops/otlp_trace.py, pull request 42008): `dify.span.type`.
 * A message of a chatflow names the run that answered it, and that run is told of by its own span.
 */
function kindOf({ name }: Span, { entity, spanType, runId }: Facts): Read['of'] {
  if (spanType !== undefined) {
    if (spanType === 'workflow') return 'workflow';
    return entity === 'message' && spanType === 'operation' && runId === undefined
      ? 'chat'
      : 'step';
  }
  const isWorkflow = name === `workflow_${runId}` || /^workflow_trace(?:_|$)/.test(name);
  if (isWorkflow && (entity === undefined || entity === 'workflow')) return 'workflow';
  const isMessage = name === 'message_trace' || name === 'message';
  return isMessage && entity === 'message' && runId === undefined ? 'chat' : 'step';
}

function executionOf(
  of: Execution['of'],
  span: Span,
  facts: Facts,
  models: readonly string[],
): Execution {
  const named = of === 'workflow' ? (facts.runId ?? runIdIn(span.name)) : facts.messageId;
  const found = {
    userId: facts.user === undefined ? undefined : String(facts.user),
    endedMs: span.endMs || undefined,
    workflowId: idIn(facts.workflowId),
    app: nameIn(facts.appName),
    appId: idIn(facts.appId),
    status: statusOf(facts.status, span),
    seconds: numberIn(facts.elapsed) || secondsOf(span),
    tokens: tokensOf(facts),
    version: versionIn(facts.version),
    triggeredFrom: wordIn(facts.trigger),
  };
  const id = idIn(named) ?? `${span.traceId}-${span.spanId}`;
  const given = Object.entries(found).filter(([, value]) => value !== undefined);
  return { of, traceId: span.traceId, id, models, ...Object.fromEntries(given) };
}

const runIdIn = (name: string) => /^workflow_trace_(.+)$/.exec(name)?.[1];

const secondsOf = ({ startMs, endMs }: Span) =>
  startMs > 0 && endMs >= startMs ? (endMs - startMs) / 1_000 : undefined;

const tokensOf = ({ tokens, inputTokens, outputTokens }: Facts) => {
  const [input, output] = [numberIn(inputTokens), numberIn(outputTokens)];
  const sum =
    input === undefined && output === undefined ? undefined : (input ?? 0) + (output ?? 0);
  return numberIn(tokens) ?? sum;
};

/** Dify's words of a message, of a span of its next runtime, and OpenTelemetry's, as those of a run. */
const STATUSES: Readonly<Record<string, string>> = {
  normal: 'succeeded',
  ok: 'succeeded',
  error: 'failed',
  cancelled: 'stopped',
  handled_error: 'partial-succeeded',
};

const statusOf = (said: AttributeValue | undefined, { status }: Span) => {
  const word = wordIn(said) ?? (status === 'unset' ? undefined : status);
  return word === undefined ? undefined : Object.hasOwn(STATUSES, word) ? STATUSES[word] : word;
};
