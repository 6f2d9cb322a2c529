import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { spansIn } from '../../../../../lambda/adapters/otlp.ts';
import { executionsIn } from '../../../../../lambda/domain/relay/intake/execution.ts';
import type { AttributeValue, Span } from '../../../../../lambda/domain/relay/intake/span.ts';
import { APP, apiCheck, CONTENT, chatMessage, WORKFLOW, workflowRun } from '../../../../dify.ts';
import { durableMessage, durableRun, unifiedRun } from '../../../../dify-next.ts';
import { otlpRequest } from '../../../../otlp-requests.ts';

const RUN = '0b724b45-7c9c-4939-8a86-a21f1d96bde6';

const told = (spans: readonly ReadableSpan[]) =>
  executionsIn(spansIn('protobuf', otlpRequest('protobuf', spans)));

const span = (name: string, said: object | string, rest: Partial<Span> = {}): Span => ({
  traceId: '34aa7db900eec0ab'.repeat(2),
  spanId: '34aa7db900eec0ab',
  name,
  startMs: 1_000,
  endMs: 3_000,
  status: 'ok',
  attributes: new Map<string, AttributeValue>([
    ['metadata', typeof said === 'string' ? said : JSON.stringify(said)],
  ]),
  ...rest,
});
const executions = (...spans: Span[]) =>
  executionsIn({ spans, rejected: 0, scrubbed: 0 }).executions;
const run = { trace_entity_type: 'workflow', workflow_run_id: RUN, workflow_id: WORKFLOW };

describe('executions among the spans of a request', () => {
  it("are a workflow's run, with all that it tells but what people wrote", () => {
    const { executions, calls } = told(workflowRun({ id: RUN, models: ['gpt-4o', 'claude-4'] }));
    expect(executions).toEqual([
      {
        of: 'workflow',
        id: RUN,
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        userId: 'user-0001',
        startedMs: Date.parse('2026-11-24T12:00:00Z'),
        endedMs: Date.parse('2026-11-24T12:00:02.500Z'),
        models: ['claude-4', 'gpt-4o'],
        workflowId: WORKFLOW,
        app: 'Support bot',
        appId: APP.id,
        status: 'succeeded',
        seconds: 2.5,
        tokens: 200,
        version: '2026-09-01 08:15:30.123456',
        triggeredFrom: 'app-run',
      },
    ]);
    const slotMs = Date.parse('2026-11-24T12:00:00Z');
    expect([...calls.values()]).toEqual([
      [
        { model: 'gpt-4o', slotMs },
        { model: 'claude-4', slotMs },
      ],
    ]);
  });

  it.each(['succeeded', 'failed', 'stopped', 'partial-succeeded'] as const)(
    'end as Dify says: %s',
    (status) => {
      expect(told(workflowRun({ status })).executions).toMatchObject([{ status }]);
    },
  );

  it('are a message of a chat, by the person who has no account, with its own model', () => {
    const { executions } = told(chatMessage({ id: RUN, user: 'visitor-7', models: ['gpt-4o'] }));
    expect(executions).toMatchObject([
      {
        of: 'chat',
        id: RUN,
        userId: 'visitor-7',
        models: ['gpt-4o'],
        status: 'succeeded',
        tokens: 100,
      },
    ]);
    expect(told(chatMessage({ status: 'failed' })).executions).toMatchObject([
      { status: 'failed' },
    ]);
  });

  it('are a message by its own model, whichever others its trace names', () => {
    const message = { trace_entity_type: 'message', message_id: 'm', ls_model_name: 'gpt-4o' };
    const other = span('suggested_question', { ls_model_name: 'gpt-4o-mini' });
    expect(executions(span('message', message), other)).toMatchObject([{ models: ['gpt-4o'] }]);
  });

  it('are told by spans that come one by one, their models before them', () => {
    const each = workflowRun({ id: RUN, models: ['gpt-4o', 'claude-4'] }).map((one) => told([one]));
    const [root, first, second, last] = each;
    expect(each).toHaveLength(4);
    expect(root).toMatchObject({ executions: [] });
    expect(last?.executions).toMatchObject([{ id: RUN, models: [] }]);
    const trace = last?.executions[0]?.traceId ?? '';
    const slotMs = Date.parse('2026-11-24T12:00:00Z');
    expect(first?.calls.get(trace)).toEqual([{ model: 'gpt-4o', slotMs }]);
    expect(second?.calls.get(trace)).toEqual([{ model: 'claude-4', slotMs }]);
  });

  it('that share a trace are told apart by the time, and each call is kept for others', () => {
    const at = (startMs: number, endMs: number) => ({ startMs, endMs });
    const call = (model: string, endMs: number) =>
      span('llm', { ls_model_name: model }, at(endMs - 1, endMs));
    const second = { ...run, workflow_run_id: 'run-2' };
    const { executions, calls } = executionsIn({
      spans: [
        call('a', 12_000),
        span('workflow', run, at(11_000, 13_000)),
        call('b', 32_000),
        span('workflow', second, at(31_000, 33_000)),
        call('c', 52_000),
      ],
      rejected: 0,
      scrubbed: 0,
    });
    expect(executions).toMatchObject([{ models: ['a'] }, { id: 'run-2', models: ['b'] }]);
    expect([...calls.values()].flat().map(({ model }) => model)).toEqual(['a', 'b', 'c']);
  });

  it('are none of the check of the tracing page', () => {
    expect(told(apiCheck())).toMatchObject({ executions: [] });
  });

  it("are one of the unified runtime's chatflow, which has a message around its run", () => {
    expect(told(unifiedRun({ id: RUN })).executions).toMatchObject([
      { of: 'workflow', id: RUN, models: ['gpt-4o'], userId: 'user-0001', tokens: 100 },
    ]);
  });

  it('are one of durable delivery, as a run and as a message', () => {
    expect(told(durableRun({ id: RUN })).executions).toMatchObject([
      {
        of: 'workflow',
        id: RUN,
        workflowId: WORKFLOW,
        version: 'draft',
        status: 'succeeded',
        tokens: 100,
      },
    ]);
    expect(told(durableMessage({ id: RUN })).executions).toMatchObject([
      { of: 'chat', id: RUN, models: ['gpt-4o'], userId: 'user-0001' },
    ]);
  });

  it.each([
    ['a tool that is called workflow', 'workflow', { ...run, trace_entity_type: 'tool' }],
    ['a tool that is called like a run', `workflow_${RUN}`, { ...run, trace_entity_type: 'tool' }],
    ['a tool that is called message', 'message', { message_id: RUN }],
    ['the LLM call of a message', 'llm', { trace_entity_type: 'message', message_id: RUN }],
    [
      'a message that a run answered',
      'message',
      { trace_entity_type: 'message', message_id: 'm', workflow_run_id: RUN },
    ],
    ['a span of another program', 'workflow_of_mine', {}],
  ])('are not %s', (_, name, metadata) => {
    expect(executions(span(name, metadata))).toEqual([]);
  });

  it.each([
    ['by its type', 'workflow', run],
    [
      'of an older Dify, without a type',
      'workflow',
      { workflow_run_id: RUN, workflow_id: WORKFLOW },
    ],
    ['by its name, of metadata that was cut off', `workflow_${RUN}`, '{"workflow_run_id":"0b72'],
    ['by its name, of metadata that is no object', `workflow_${RUN}`, '[1]'],
  ])('are a run %s', (_, name, metadata) => {
    const metadataless = executions(span(name, metadata));
    expect(metadataless).toMatchObject([
      { of: 'workflow', id: RUN, seconds: 2, status: 'succeeded' },
    ]);
  });

  it('of an older Dify are a message that has a conversation', () => {
    const old = { message_id: RUN, conversation_id: 'c', from_account_id: 'account-1' };
    expect(executions(span('message', old))).toMatchObject([{ of: 'chat', userId: 'account-1' }]);
  });

  it('without an id are known by their span', () => {
    const { spanId, traceId } = span('', {});
    const nameless = { ...run, workflow_run_id: 'what I typed' };
    expect(executions(span('workflow', nameless))).toMatchObject([{ id: `${traceId}-${spanId}` }]);
  });

  it('say what they know of the time', () => {
    const of = (metadata: object, rest: Partial<Span>) =>
      executions(span('workflow', { ...run, ...metadata }, rest))[0];
    expect(of({ elapsed_time: 7.5 }, {})).toMatchObject({ seconds: 7.5, endedMs: 3_000 });
    expect(of({ elapsed_time: 0 }, {})).toMatchObject({ seconds: 2 });
    expect(of({}, { endMs: 0 })).not.toHaveProperty('endedMs');
    expect(of({}, { endMs: 0 })).not.toHaveProperty('seconds');
    expect(of({}, { status: 'unset' })).not.toHaveProperty('status');
    expect(of({}, { status: 'error' })).toMatchObject({ status: 'failed' });
  });

  it('count what was left out, and what stands where something else belongs', () => {
    const scrubbed = (metadata: object | string) =>
      executionsIn({ spans: [span('workflow', metadata)], rejected: 0, scrubbed: 7 }).scrubbed;
    expect(scrubbed(run)).toBe(7);
    expect(scrubbed({ ...run, query: CONTENT, inputs: {} })).toBe(9);
    expect(scrubbed({ ...run, app_name: CONTENT })).toBe(8);
    expect(scrubbed({ ...run, status: { said: CONTENT } })).toBe(8);
    expect(scrubbed('{"cut')).toBe(8);
    expect(scrubbed({ ...run, app_name: null })).toBe(7);
  });

  it('add up the tokens of OpenTelemetry’s conventions', () => {
    const attributes = new Map<string, AttributeValue>([
      ['dify.span.type', 'workflow'],
      ['gen_ai.usage.input_tokens', 80],
      ['gen_ai.usage.output_tokens', 20],
    ]);
    expect(executions(span('Workflow', {}, { attributes }))).toMatchObject([{ tokens: 100 }]);
  });
});
