import type { AttributeValue, Span } from './span.ts';

/**
 * What a span may tell, and by which names: the first that tells it counts. Dify names the same
 * thing differently in its JSON attribute `metadata` (api/core/ops/ops_trace_manager.py and
 * …/arize_phoenix_trace.py), in the attributes of its next runtime (`dify.…`, pull request 42008)
 * and in those of OpenTelemetry's GenAI conventions. Whatever isn't named here is never read.
 */
const NAMES = {
  entity: ['trace_entity_type', 'operation_type'],
  spanType: ['dify.span.type'],
  runId: ['workflow_run_id', 'dify.workflow.run_id'],
  messageId: ['message_id', 'dify.message.id'],
  conversationId: ['conversation_id', 'dify.conversation.id'],
  workflowId: ['workflow_id', 'dify.workflow.id'],
  appId: ['app_id', 'dify.app_id'],
  app: ['app_name'],
  status: ['status', 'dify.span.status'],
  seconds: ['elapsed_time', 'workflow_run_elapsed_time'],
  tokens: ['total_tokens', 'llm.token_count.total', 'gen_ai.usage.total_tokens'],
  inputTokens: ['gen_ai.usage.input_tokens'],
  outputTokens: ['gen_ai.usage.output_tokens'],
  version: ['version', 'workflow_run_version', 'dify.workflow.version'],
  triggeredFrom: ['triggered_from'],
  // A chat message's `user_id` is blank of people without an account: they are `end_user_id`
  user: [
    'end_user_id',
    'user_id',
    'from_end_user_id',
    'from_account_id',
    'dify.user.id',
    'user.id',
    'gen_ai.user.id',
  ],
  model: [
    'llm.model_name',
    'gen_ai.request.model',
    'gen_ai.response.model',
    'ls_model_name',
    'model_name',
    'model_id',
  ],
} as const;
export type FactName = keyof typeof NAMES;

/** The attribute that holds more of them, as JSON, beside a query and files. */
export const METADATA = 'metadata';

/** Names of the attributes that are read at all. */
export const SPAN_ATTRIBUTES: ReadonlySet<string> = new Set([
  METADATA,
  ...Object.values(NAMES).flat(),
]);

/** What is left of a span. */
export type Facts = Readonly<Partial<Record<FactName, AttributeValue>>>;

export interface Scrubbed {
  readonly facts: Facts;
  /** Fields that were left out. */
  readonly scrubbed: number;
}

/** @param metadata what the attribute of that name says as JSON */
export function scrub({ attributes }: Pick<Span, 'attributes'>, metadata: unknown): Scrubbed {
  const { fields, scrubbed } = fieldsIn(metadata);
  const facts: Partial<Record<FactName, AttributeValue>> = {};
  for (const [fact, names] of FACTS) {
    const values = names.map((name) => fields.get(name) ?? attributes.get(name));
    const value = values.find((one) => one !== undefined && one !== '');
    if (value !== undefined) facts[fact] = value;
  }
  return { facts, scrubbed };
}

const FACTS = Object.entries(NAMES) as [FactName, readonly string[]][];

/** Looks up what is on the list, instead of looking through what may be a million of names. */
function fieldsIn(metadata: unknown) {
  const fields = new Map<string, AttributeValue>();
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    return { fields, scrubbed: 0 };
  }
  let scrubbed = Object.keys(metadata).length;
  for (const name of SPAN_ATTRIBUTES) {
    const value: unknown = Reflect.get(metadata, name);
    // What is absent in Dify is null there
    if (isPlain(value) || value === null) scrubbed--;
    if (isPlain(value)) fields.set(name, value);
  }
  return { fields, scrubbed };
}

const isPlain = (value: unknown): value is AttributeValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
