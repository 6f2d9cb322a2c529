import { boundedJson } from '../../bounded-json.ts';
import { type CallsByTrace, distinct, modelsDuring } from '../models.ts';
import type { ModelCall } from '../ports.ts';
import { kindOf, runIdIn } from './kind.ts';
import { idIn, modelIn, nameIn, numberIn, versionIn, wordIn } from './plain.ts';
import { type FactName, type Facts, METADATA, scrub } from './scrub.ts';
import type { Span, Spans } from './span.ts';

/** A run of a workflow, or a message of a chat, as Dify tells of it. */
export interface Execution {
  readonly of: 'workflow' | 'chat';
  readonly traceId: string;
  /** Dify's id of the run or of the message; of a span that names none, its own. */
  readonly id: string;
  readonly userId?: string;
  /** Milliseconds since 1970; absent where the span doesn't say. */
  readonly startedMs?: number;
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
   * By trace, calls of models that are no execution's of this request: theirs came before or will
   * come. Dify's Phoenix provider sends every span in a request of its own.
   */
  readonly calls: CallsByTrace;
  /** Fields that were left out. */
  readonly scrubbed: number;
}

export function executionsIn({ spans, scrubbed }: Spans): Told {
  const read = spans.map(readSpan);
  const calls = callsByTrace(read);
  const executions = read.flatMap((one) => {
    if (one.of === 'step') return [];
    // A message is answered by the model that it names itself
    const own = one.of === 'chat' && one.model !== undefined ? [one.model] : undefined;
    return [executionOf(one.of, one, own ?? modelsOf(one, calls))];
  });
  const told = executions.map(({ execution }) => execution);
  return {
    executions: told,
    calls: unclaimed(calls, told),
    scrubbed: [...read, ...executions].reduce((sum, one) => sum + one.scrubbed, scrubbed),
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
  const metadata = typeof said === 'string' ? boundedJson(said) : undefined;
  const { facts, scrubbed } = scrub(span, metadata);
  const isUnread = said !== undefined && metadata === undefined;
  return {
    span,
    facts,
    of: kindOf(span, facts),
    model: modelIn(facts.model),
    scrubbed: scrubbed + (isUnread ? 1 : 0),
  };
}

/** Of a trace in one request. Each is held against each of its runs, and a request has 10,000 spans. */
const MOST_CALLS = 1_000;

function callsByTrace(read: readonly Read[]): CallsByTrace {
  const calls = read.flatMap(({ span, model }) =>
    model === undefined ? [] : [{ trace: span.traceId, model, endedMs: Math.floor(span.endMs) }],
  );
  const groups = Map.groupBy(calls, ({ trace }) => trace);
  return new Map(
    [...groups].map(([trace, group]) => [
      trace,
      group.slice(0, MOST_CALLS).map(({ model, endedMs }) => ({ model, endedMs })),
    ]),
  );
}

function modelsOf({ span }: Read, calls: CallsByTrace): string[] {
  const { traceId, startMs: startedMs, endMs: endedMs } = span;
  return distinct(modelsDuring({ startedMs, endedMs }, calls.get(traceId) ?? []));
}

function unclaimed(calls: CallsByTrace, executions: readonly Execution[]): CallsByTrace {
  const byTrace = Map.groupBy(executions, ({ traceId }) => traceId);
  const isClaimed = (trace: string, call: ModelCall) =>
    (byTrace.get(trace) ?? []).some(
      ({ startedMs = 0, endedMs = 0 }) => modelsDuring({ startedMs, endedMs }, [call]).length > 0,
    );
  const left = [...calls].map(
    ([trace, group]) => [trace, group.filter((call) => !isClaimed(trace, call))] as const,
  );
  return new Map(left.filter(([, group]) => group.length > 0));
}

/** What each fact has to look like. */
const READINGS = {
  workflowId: idIn,
  appId: idIn,
  app: nameIn,
  version: versionIn,
  triggeredFrom: wordIn,
  status: wordIn,
  tokens: numberIn,
  seconds: numberIn,
} as const satisfies Partial<Record<FactName, unknown>>;

function executionOf(of: Execution['of'], { span, facts }: Read, models: readonly string[]) {
  const read = Object.entries(READINGS).map(([name, reading]) => {
    const fact = facts[name as FactName];
    return { name, isSaid: fact !== undefined, value: reading(fact) };
  });
  const named = of === 'workflow' ? (facts.runId ?? runIdIn(span)) : facts.messageId;
  const known = read.filter(({ value }) => value !== undefined);
  const plain = Object.fromEntries(known.map(({ name, value }) => [name, value]));
  const execution: Execution = {
    ...plain,
    ...given({
      userId: facts.user === undefined ? undefined : String(facts.user),
      startedMs: span.startMs || undefined,
      endedMs: span.endMs || undefined,
      status: statusOf(wordIn(facts.status), span),
      seconds: numberIn(facts.seconds) || secondsOf(span),
      tokens: plain.tokens ?? tokensOf(facts),
    }),
    of,
    traceId: span.traceId,
    id: idIn(named) ?? `${span.traceId}-${span.spanId}`,
    models,
  };
  return { execution, scrubbed: read.filter((one) => one.isSaid).length - known.length };
}

const given = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Of a run that says no time of its own, or 0. */
const secondsOf = ({ startMs, endMs }: Span) =>
  startMs > 0 && endMs >= startMs ? (endMs - startMs) / 1_000 : undefined;

const tokensOf = ({ inputTokens, outputTokens }: Facts) => {
  const [input, output] = [numberIn(inputTokens), numberIn(outputTokens)];
  return input === undefined && output === undefined ? undefined : (input ?? 0) + (output ?? 0);
};

/** Words of a message, of a span of Dify's next runtime and of OpenTelemetry, as those of a run. */
const STATUSES = new Map([
  ['normal', 'succeeded'],
  ['ok', 'succeeded'],
  ['error', 'failed'],
  ['cancelled', 'stopped'],
  ['handled_error', 'partial-succeeded'],
]);

function statusOf(said: string | undefined, { status }: Span): string | undefined {
  const word = said ?? (status === 'unset' ? undefined : status);
  return STATUSES.get(word ?? '') ?? word;
}
