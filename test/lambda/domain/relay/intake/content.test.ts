import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spansIn } from '../../../../../lambda/adapters/otlp.ts';
import { executionsIn } from '../../../../../lambda/domain/relay/intake/execution.ts';
import type { Form } from '../../../../../lambda/domain/relay/intake/form.ts';
import { readPosted } from '../../../../../lambda/domain/relay/intake/posted.ts';
import { SPAN_ATTRIBUTES } from '../../../../../lambda/domain/relay/intake/scrub.ts';
import { shapeExecution } from '../../../../../lambda/domain/relay/intake/shape.ts';
import { chatMessage, type Run, workflowRun } from '../../../../dify.ts';
import { durableMessage, durableRun, unifiedRun } from '../../../../dify-next.ts';
import { otlpRequest } from '../../../../otlp-requests.ts';
import { shaping } from './shaping.ts';

/** In every text that a person may have written; in no id, no word and no name of ours. */
const CANARY = 'kanarienvogel';

const around = fc.constantFrom('', ' ', '\n', '"', '\\', '{', '@', '.', '\u0000', '😀', '<', "'");
const content = fc
  .array(fc.oneof(around, fc.string({ unit: 'grapheme', maxLength: 12 })), { maxLength: 6 })
  .map((parts) => `${parts.join(CANARY)}${CANARY}`);
const form = fc.constantFrom<Form>('protobuf', 'json');
const maker = fc.constantFrom(workflowRun, chatMessage, unifiedRun, durableRun, durableMessage);
const run: fc.Arbitrary<Run> = fc.record({
  content,
  status: fc.constantFrom('succeeded', 'failed', 'stopped'),
});

const eventsOf = (made: Uint8Array, form: Form, settings = {}) => {
  const { executions, calls } = executionsIn(spansIn(form, made));
  const events = executions.map((one) => shapeExecution(one, shaping(settings)));
  return { events, text: JSON.stringify([events, [...calls]]) };
};

describe('what people wrote', () => {
  it('is in no event, whoever makes its trace and however it is written', () => {
    fc.assert(
      fc.property(maker, form, run, (make, form, run) => {
        const { events, text } = eventsOf(otlpRequest(form, make(run)), form);
        expect(events).toHaveLength(1);
        expect(text).not.toContain(CANARY);
      }),
      { seed: 90, numRuns: 200 },
    );
  });

  it('is in no event either where an address stands for a user, an app or a model', () => {
    const address = fc.constantFrom(
      `${CANARY}@example.com`,
      `Ada <${CANARY}@example.com>`,
      `ada@${CANARY}.example.com`,
      `${CANARY}%40example.com`,
      `${CANARY}＠example.com`,
      `${CANARY}  @  example.com`,
      `${CANARY}&#64;example.com`,
      `${CANARY}%2540example.com`,
      `${CANARY} (at) example.com`,
      `${CANARY}@localhost`,
    );
    fc.assert(
      fc.property(maker, form, address, (make, form, address) => {
        const spans = make({ user: address, app: address, models: [address, address] });
        expect(eventsOf(otlpRequest(form, spans), form).text).not.toContain(CANARY);
      }),
      { seed: 90 },
    );
  });

  it('is in no event under any other name, in the metadata or beside it', () => {
    const name = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('query', 'input', 'files'));
    const other = name.filter((one) => !SPAN_ATTRIBUTES.has(one));
    const fields = fc.dictionary(other, content, { minKeys: 1, maxKeys: 5 });
    fc.assert(
      fc.property(fields, fields, (inside, beside) => {
        const known = { trace_entity_type: 'workflow', workflow_run_id: 'run-1' };
        const attributes = [
          { key: 'metadata', value: { stringValue: JSON.stringify({ ...inside, ...known }) } },
          ...Object.entries(beside).map(([key, stringValue]) => ({ key, value: { stringValue } })),
        ];
        const ids = { traceId: 'ab'.repeat(16), spanId: 'ab'.repeat(8) };
        const span = { ...ids, name: 'workflow_run-1', attributes };
        const request = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
        const { events, text } = eventsOf(Buffer.from(JSON.stringify(request)), 'json');
        expect(events).toHaveLength(1);
        expect(text).not.toContain(CANARY);
      }),
      { seed: 90 },
    );
  });

  it('is in no event that a program posts, but under the names that are let through', () => {
    const value = fc.oneof(content, fc.array(content), fc.dictionary(fc.string(), content));
    const name = fc.string({ maxLength: 20 }).filter((one) => !['page', 'position'].includes(one));
    const before = fc.constantFrom(
      ...['/pricing', 'https://example.com/', 'app.example.com/s', 'localhost:3000/s', './s', ''],
      ...['GET /s', 'view-source:https://example.com/', 'What next? /s'],
    );
    const url = fc.tuple(before, fc.constantFrom('?q=', '#/', '？q=', '＃/'), content);
    const fields = fc.dictionary(name, value);
    fc.assert(
      fc.property(fields, fields, url, (more, properties, page) => {
        const event = {
          ...more,
          event_type: 'page_viewed',
          user_id: `${CANARY}@example.com`,
          device_id: 'device-1',
          time: 1_795_521_600_000,
          insert_id: 'click-1',
          event_properties: { ...properties, page: page.join('') },
        };
        const body = Buffer.from(JSON.stringify({ events: [event] }));
        const { events } = readPosted(body, 'request-1', shaping());
        expect(events).toHaveLength(1);
        expect(JSON.stringify(events)).not.toContain(CANARY);
      }),
      { seed: 90 },
    );
  });
});
