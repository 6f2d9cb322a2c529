import { boundedJson } from '../../bounded-json.ts';
import { type CallsByTrace, inOrder, modelsDuring, slotOf } from '../models.ts';
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
   * Of executions that came before or will come, too: Dify's Phoenix provider sends every span in a
   * request of its own, and a run that is another's tool is in the same trace.
   */
  readonly calls: CallsByTrace;
  /** Fields that were left out. */
  readonly scrubbed: number;
}

export function executionsIn({ spans, scrubbed }: Spans): Told {
  const read = spans.map(readSpan);
  const calls = callsByTrace(read);
  const executions = read.flatMap((one) =>
    one.of === 'step' ? [] : [executionOf(one.of, one, modelsOf(one, calls))],
  );
  return {
    executions: executions.map(({ execution }) => execution),
    calls,
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

/** Of steps: a message of a chat is answered by the model that it names itself. */
function callsByTrace(read: readonly Read[]): CallsByTrace {
  const calls = read.flatMap(({ span, of, model }) =>
    of === 'chat' || model === undefined
      ? []
      : [{ trace: span.traceId, call: { model, slotMs: slotOf(span.endMs) } }],
  );
  const groups = Map.groupBy(calls, ({ trace }) => trace);
  return new Map(
    [...groups].map(([trace, group]) => [trace, inOrder(group.map(({ call }) => call))]),
  );
}

function modelsOf({ of, span, model }: Read, calls: CallsByTrace): string[] {
  if (of === 'chat' && model !== undefined) return [model];
  const { traceId, startMs: startedMs, endMs: endedMs } = span;
  return modelsDuring({ startedMs, endedMs }, calls.get(traceId) ?? []);
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
