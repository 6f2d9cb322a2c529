import { randomUUID } from 'node:crypto';
import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Who ran what; whatever is left out is made up. */
export interface Run {
  /** @default a UUID, as Dify's */
  readonly id?: string;
  /** What the caller's `user` was, or the id of an account. @default `user-0001` */
  readonly user?: string;
  /** Of each LLM call, in order. @default one call of `gpt-4o` */
  readonly models?: readonly string[];
  readonly status?: 'succeeded' | 'failed' | 'stopped' | 'partial-succeeded';
  readonly startedAt?: Date;
  readonly seconds?: number;
  readonly app?: string;
  /** Put wherever people's words, files and answers are. @default `CONTENT` */
  readonly content?: string;
}

/** What must never leave the intake. */
export const CONTENT = 'What do I earn? My name is Ada, ada@example.com';

export const APP = { id: '7e3f4a52-0000-4000-8000-00000000a001', name: 'Support bot' } as const;
export const WORKFLOW = '7e3f4a52-0000-4000-8000-00000000f001';
const TENANT = '7e3f4a52-0000-4000-8000-00000000e001';

/** Every default filled in. */
type Known = Required<Run>;
const known = (run: Run): Known => ({
  id: randomUUID(),
  user: 'user-0001',
  models: ['gpt-4o'],
  status: 'succeeded',
  startedAt: new Date('2026-11-24T12:00:00Z'),
  seconds: 2.5,
  app: APP.name,
  content: CONTENT,
  ...run,
});

/**
 * The spans of a workflow's run as Dify's Phoenix provider makes them, in the order in which it
 * sends each in a request of its own: a root, the nodes, and last the run itself.
 * https://github.com/langgenius/dify/blob/main/api/providers/trace/trace-arize-phoenix/src/dify_trace_arize_phoenix/arize_phoenix_trace.py
 */
export const workflowRun = (run: Run = {}): ReadableSpan[] =>
  recorded((tracer) => {
    const all = known(run);
    const { id, content, models, status, startedAt } = all;
    const root = startRoot(tracer, id, all);
    const error = status === 'failed' ? `The model said: ${content}` : '';
    const metadata = {
      workflow_id: WORKFLOW,
      conversation_id: '',
      workflow_run_id: id,
      tenant_id: TENANT,
      elapsed_time: all.seconds,
      status,
      version: '2026-09-01 08:15:30.123456',
      total_tokens: 100 * models.length,
      file_list: JSON.stringify([`https://files.example.com/${content}`]),
      triggered_from: 'app-run',
      user_id: all.user,
      app_id: APP.id,
      app_name: all.app,
      workspace_name: 'Example GmbH',
      created_from: 'Dify',
      trace_id: '',
      message_id: '',
      status_message: error,
      level: error ? 'ERROR' : 'DEFAULT',
      trace_entity_type: 'workflow',
      workflow_app_log_id: '',
      workflow_run_elapsed_time: all.seconds,
      workflow_run_version: '2026-09-01 08:15:30.123456',
      query: content,
    };
    const span = tracer.startSpan(
      `workflow_${id}`,
      { attributes: chain(content, metadata, id), startTime: startedAt },
      within(root),
    );
    for (const [at, model] of models.entries()) llmNode(tracer, span, all, model, at);
    end(span, all, error);
  });

function llmNode(tracer: Tracer, run: Span, all: Known, model: string, at: number): void {
  const { content, startedAt, seconds } = all;
  const metadata = {
    node_id: randomUUID(),
    node_type: 'llm',
    node_status: 'succeeded',
    tenant_id: TENANT,
    app_id: APP.id,
    app_name: `Answer: ${content}`,
    status: 'succeeded',
    status_message: '',
    level: 'DEFAULT',
    loop_id: null,
    ls_provider: 'openai',
    ls_model_name: model,
    total_tokens: 100,
    prompt_tokens: 80,
    completion_tokens: 20,
  };
  const span = tracer.startSpan(
    `llm_Answer: ${content}`,
    {
      attributes: {
        ...chain(content, metadata, all.id),
        ...llm(content, model),
        'dify.node.execution_id': randomUUID(),
        'dify.node.loop_id': '',
        'dify.node.iteration_id': '',
      },
      startTime: startedAt,
    },
    within(run),
  );
  const share = (seconds * 1_000) / all.models.length;
  span.setStatus({ code: SpanStatusCode.OK });
  span.end(new Date(startedAt.getTime() + Math.floor(share * (at + 1))));
}

/** A message of a chat app likewise: a root, the LLM call, and last the message. */
export const chatMessage = (run: Run = {}): ReadableSpan[] =>
  recorded((tracer) => {
    const all = known(run);
    const { id, content, models, status, startedAt, user } = all;
    const root = startRoot(tracer, id, all);
    const error = status === 'failed' ? `The model said: ${content}` : '';
    const conversation = randomUUID();
    const [model = 'gpt-4o'] = models;
    const metadata = {
      conversation_id: conversation,
      ls_provider: 'openai',
      ls_model_name: model,
      status: error ? 'error' : 'normal',
      from_end_user_id: randomUUID(),
      from_account_id: null,
      agent_based: false,
      workflow_run_id: null,
      from_source: 'api',
      message_id: id,
      tenant_id: TENANT,
      app_id: APP.id,
      user_id: '',
      app_name: all.app,
      workspace_name: 'Example GmbH',
      created_from: 'Dify',
      status_message: error,
      trace_entity_type: 'message',
      conversation_model: 'chat',
      message_tokens: 80,
      answer_tokens: 20,
      total_tokens: 100,
      file_list: JSON.stringify([content]),
      model_provider: 'openai',
      model_id: model,
      end_user_id: user,
    };
    const attributes = chain(content, metadata, conversation);
    const span = tracer.startSpan('message', { attributes, startTime: startedAt }, within(root));
    const call = tracer.startSpan(
      'llm',
      { attributes: { ...attributes, ...llm(content, model) }, startTime: startedAt },
      within(span),
    );
    end(call, all, error);
    end(span, all, error);
  });

/** What Dify sends when the tracing page is saved. */
export const apiCheck = (): ReadableSpan[] =>
  recorded((tracer) => {
    tracer.startSpan('api_check', { attributes: { test: 'true' } }).end();
  });

/** The spans that were ended meanwhile, in that order. */
export function recorded(work: (tracer: Tracer) => void): ReadableSpan[] {
  const ended: ReadableSpan[] = [];
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'openinference.project.name': 'default',
      model_id: 'default',
    }),
    spanProcessors: [
      {
        onStart: () => {},
        onEnd: (span) => ended.push(span),
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  });
  work(provider.getTracer('arize_phoenix_tracer_default'));
  return ended;
}

export const within = (span: Span) => trace.setSpan(ROOT_CONTEXT, span);

/** It ends at once, and carries the inputs and outputs of the run as well. */
function startRoot(tracer: Tracer, id: string, { content, startedAt }: Known): Span {
  const attributes = {
    'openinference.span.kind': 'CHAIN',
    dify_project_name: 'default',
    dify_trace_id: id,
    'input.value': JSON.stringify({ query: content }),
    'output.value': JSON.stringify({ text: content }),
  };
  const root = tracer.startSpan(id, { attributes, startTime: startedAt }, ROOT_CONTEXT);
  root.setStatus({ code: SpanStatusCode.OK });
  root.end(startedAt);
  return root;
}

const chain = (content: string, metadata: object, session: string): Attributes => ({
  'openinference.span.kind': 'CHAIN',
  'input.value': JSON.stringify({ query: content }),
  'input.mime_type': 'application/json',
  'output.value': JSON.stringify({ text: content }),
  'output.mime_type': 'application/json',
  metadata: JSON.stringify(metadata),
  'session.id': session,
});

const llm = (content: string, model: string): Attributes => ({
  'openinference.span.kind': 'LLM',
  'input.value': JSON.stringify([{ role: 'user', text: content }]),
  'llm.provider': 'openai',
  'llm.model_name': model,
  'llm.token_count.total': 100,
  'llm.token_count.prompt': 80,
  'llm.token_count.completion': 20,
  'llm.input_messages.0.message.role': 'user',
  'llm.input_messages.0.message.content': content,
});

function end(span: Span, { startedAt, seconds }: Known, error: string): void {
  if (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    span.addEvent('exception', {
      'exception.type': 'str',
      'exception.message': error,
      'exception.stacktrace': error,
    });
  } else span.setStatus({ code: SpanStatusCode.OK });
  span.end(new Date(startedAt.getTime() + seconds * 1_000));
}
