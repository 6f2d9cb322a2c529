import type { Facts } from './scrub.ts';
import type { Span } from './span.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Which spans are a run of a workflow or a message of a chat; the others are steps of them. Three
 * generations of Dify's providers are told apart by what no app can choose, since a tool's span has
 * whatever name a person gave the tool:
 * - Phoenix (arize_phoenix_trace.py; names are values of TraceTaskName): `workflow`, of late
 *   `workflow_<run id>`, and `message`, whose metadata says `trace_entity_type`;
 * - the unified runtime (core/ops/unified_trace/trace_builder.py, pull request 41537):
 *   `workflow_<run id>` and `message`; `chatflow_<run id>` is around its workflow, no run of its own;
 * - durable delivery (core/ops/otlp_trace.py, pull request 42008): `dify.span.type`.
 * A message that names a run was answered by it, and that run has a span of its own.
 */
export function kindOf(span: Span, facts: Facts): 'workflow' | 'chat' | 'step' {
  if (facts.spanType === 'workflow') return 'workflow';
  const isNext = facts.spanType !== undefined;
  if (!isNext && isRunSpan(span, facts)) return 'workflow';
  const isMessage = isNext ? facts.entity === 'message' : isMessageSpan(span, facts);
  return isMessage && facts.runId === undefined ? 'chat' : 'step';
}

/** The run id in a span's name. */
export const runIdIn = ({ name }: Pick<Span, 'name'>) => /^workflow_(.+)$/.exec(name)?.[1];

function isRunSpan(span: Span, { entity, runId, workflowId }: Facts): boolean {
  const id = runIdIn(span);
  if (span.name !== 'workflow' && id === undefined) return false;
  if (entity !== undefined) return entity === 'workflow';
  const isNamed = runId !== undefined && workflowId !== undefined;
  // Metadata that a limit of attribute lengths cut off says nothing
  return id === undefined ? isNamed : id === runId || UUID.test(id);
}

function isMessageSpan({ name }: Span, { entity, conversationId }: Facts): boolean {
  if (name !== 'message') return false;
  // Older metadata says no type, and a tool's no conversation
  return entity === undefined ? conversationId !== undefined : entity === 'message';
}
