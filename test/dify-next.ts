import { randomUUID } from 'node:crypto';
import type { Attributes, Tracer } from '@opentelemetry/api';
import { ROOT_CONTEXT, type Span, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { APP, CONTENT, type Run, recorded, WORKFLOW, within } from './dify.ts';

/** What a step of a trace is told by. */
interface Step {
  readonly name: string;
  readonly attributes: Attributes;
}

const TIMES = {
  start: new Date('2026-11-24T12:00:00Z'),
  end: new Date('2026-11-24T12:00:02.500Z'),
};

/** Parents first, as both of the next runtimes record them. */
const traceOf = (steps: readonly Step[]): ReadableSpan[] =>
  recorded((tracer) => {
    let parent: Span | undefined;
    const spans = steps.map((step) => {
      const span = started(tracer, step, parent);
      parent ??= span;
      return span;
    });
    for (const span of spans) {
      span.setStatus({ code: SpanStatusCode.OK });
      span.end(TIMES.end);
    }
  });

const started = (tracer: Tracer, { name, attributes }: Step, parent: Span | undefined) =>
  tracer.startSpan(
    name,
    { attributes, startTime: TIMES.start },
    parent === undefined ? ROOT_CONTEXT : within(parent),
  );

/**
 * A chatflow's run by the unified runtime: the message around it, the run, its LLM call.
 * https://github.com/langgenius/dify/pull/41537 (core/ops/unified_trace/trace_builder.py, otel.py)
 */
export function unifiedRun({ id = randomUUID(), user = 'user-0001', content = CONTENT }: Run = {}) {
  const trace = {
    workflow_id: WORKFLOW,
    conversation_id: randomUUID(),
    workflow_run_id: id,
    status: 'succeeded',
    total_tokens: 100,
    user_id: user,
    app_id: APP.id,
    app_name: APP.name,
    file_list: [content],
  };
  const model = { model_provider: 'openai', model_name: 'gpt-4o', status: 'succeeded' };
  return traceOf([
    {
      name: `chatflow_${id}`,
      attributes: unified('CHAIN', content, { ...trace, trace_entity_type: 'message' }),
    },
    { name: `workflow_${id}`, attributes: unified('CHAIN', content, trace) },
    { name: `llm_${content}`, attributes: unified('LLM', content, { ...model, node_type: 'llm' }) },
  ]);
}

const unified = (kind: string, content: string, metadata: object): Attributes => ({
  'openinference.span.kind': kind,
  'input.value': JSON.stringify({ query: content }),
  'output.value': JSON.stringify({ text: content }),
  metadata: JSON.stringify({ ...metadata, 'dify.span.kind': kind.toLowerCase() }),
  'session.id': 'session-0001',
  'dify.span.id': randomUUID(),
  'dify.span.synthetic': false,
});

/**
 * A workflow's run by durable delivery: the whole trace in one request.
 * https://github.com/langgenius/dify/pull/42008 (core/ops/provider_export.py, otlp_trace.py)
 */
export function durableRun({ id = randomUUID(), user = 'user-0001', content = CONTENT }: Run = {}) {
  const common = {
    ...durable(user, content),
    'dify.workflow.run_id': id,
    triggered_from: 'app-run',
  };
  return traceOf([
    {
      name: 'Workflow',
      attributes: { ...common, 'dify.span.type': 'workflow', 'llm.token_count.total': 100 },
    },
    {
      name: content,
      attributes: {
        ...common,
        'dify.span.type': 'llm',
        'llm.model_name': 'gpt-4o',
        node_type: 'llm',
      },
    },
  ]);
}

/** A chat app's message by the same. */
export function durableMessage({
  id = randomUUID(),
  user = 'user-0001',
  content = CONTENT,
}: Run = {}) {
  const common = { ...durable(user, content), 'dify.message.id': id, model_name: 'gpt-4o' };
  return traceOf([
    {
      name: 'message',
      attributes: { ...common, operation_type: 'message', 'dify.span.type': 'operation' },
    },
    {
      name: 'gpt-4o',
      attributes: {
        ...common,
        operation_type: 'llm',
        'dify.span.type': 'llm',
        'llm.model_name': 'gpt-4o',
      },
    },
  ]);
}

const durable = (user: string, content: string): Attributes => {
  const told = durableFields(user, content);
  return { ...told, metadata: JSON.stringify({ ...told, 'dify.inputs': content }) };
};

const durableFields = (user: string, content: string): Attributes => ({
  'dify.app_id': APP.id,
  app_name: APP.name,
  'dify.workflow.id': WORKFLOW,
  'dify.workflow.version': 'draft',
  'dify.span.id': randomUUID(),
  'dify.span.status': 'ok',
  'dify.user.id': user,
  'user.id': user,
  'session.id': 'session-0001',
  query: content,
  'input.value': content,
  'output.value': content,
});
