import { describe, expect, it } from 'vitest';
import type { Execution } from '../../../../../lambda/domain/relay/intake/execution.ts';
import { shapeExecution } from '../../../../../lambda/domain/relay/intake/shape.ts';
import { digest, RECEIVED, SETTINGS, shaping } from './shaping.ts';

const ENDED = Date.parse('2026-11-24T12:00:02.500Z');
const execution: Execution = {
  of: 'workflow',
  traceId: '34aa7db900eec0ab'.repeat(2),
  id: 'run-1',
  userId: 'user-0001',
  startedMs: ENDED - 2_500,
  endedMs: ENDED,
  models: ['claude-4', 'gpt-4o'],
  workflowId: 'workflow-1',
  app: 'Support bot',
  appId: 'app-1',
  status: 'succeeded',
  seconds: 2.5,
  tokens: 200,
};
const shaped = (changes: Partial<Execution> = {}, settings = {}) =>
  shapeExecution({ ...execution, ...changes }, shaping(settings));

describe('the event of an execution', () => {
  it('is what Amplitude takes, with the properties that the configuration names', () => {
    expect(shaped()).toEqual({
      event: {
        event_type: 'workflow_executed',
        user_id: 'user-0001',
        time: ENDED,
        insert_id: 'run-1',
        event_properties: {
          workflow_id: 'workflow-1',
          model_used: 'claude-4, gpt-4o',
          app: 'Support bot',
          status: 'succeeded',
          duration: 2.5,
          tokens: 200,
        },
      },
      receivedAt: RECEIVED.toISOString(),
      awaits: {
        trace: execution.traceId,
        property: 'model_used',
        models: ['claude-4', 'gpt-4o'],
        startedMs: ENDED - 2_500,
        endedMs: ENDED,
      },
    });
  });

  it('has the names that the configuration gives, and not what it leaves out', () => {
    const properties = { ...SETTINGS.properties, app: 'Dify app', status: '' };
    const eventTypes = { workflow: 'Workflow Run', chat: 'Chat' };
    const { event } = shaped({}, { properties, eventTypes });
    expect(event.event_type).toBe('Workflow Run');
    expect(event.event_properties).toMatchObject({ 'Dify app': 'Support bot' });
    expect(event.event_properties).not.toHaveProperty('status');
    expect(event.event_properties).not.toHaveProperty('app');
    expect(shaped({ of: 'chat' }).event.event_type).toBe('chat_answered');
  });

  it('awaits its models where none came with it, and has no property of them', () => {
    const { event, awaits } = shaped({ models: [] });
    expect(awaits).toMatchObject({ trace: execution.traceId, models: [] });
    expect(event.event_properties).not.toHaveProperty('model_used');
    expect(shaped({ models: [], of: 'chat' }).awaits).toMatchObject({ models: [] });
  });

  it('awaits none of a message that names its own', () => {
    expect(shaped({ of: 'chat' })).not.toHaveProperty('awaits');
  });

  it('awaits no models that the configuration leaves out', () => {
    const properties = { ...SETTINGS.properties, model_used: '' };
    expect(shaped({ models: [] }, { properties })).not.toHaveProperty('awaits');
    expect(JSON.stringify(shaped({}, { properties }))).not.toContain('gpt-4o');
  });

  it('is of a digest of the user, or of a device of its own', () => {
    expect(shaped({}, { userIds: 'hmac' }).event).toMatchObject({ user_id: digest('user-0001') });
    const { event } = shaped({ userId: 'anonymous' });
    expect(event).toMatchObject({ device_id: 'dify-run-run-1' });
    expect(event).not.toHaveProperty('user_id');
  });

  it('is of the time at which it came, where it says none or one far ahead', () => {
    const { endedMs: _, startedMs: __, ...timeless } = execution;
    const received = RECEIVED.getTime();
    const { event, awaits } = shapeExecution(timeless, shaping());
    expect(event.time).toBe(received);
    expect(awaits).toMatchObject({ startedMs: 0, endedMs: 0 });
    expect(shaped({ endedMs: received + 2 * 86_400_000 }).event.time).toBe(received);
    expect(shaped({ endedMs: received + 60_000 }).event.time).toBe(received + 60_000);
    expect(shaped({ endedMs: 1_000.7 }).event.time).toBe(1_000);
  });

  it('is the same of the same execution', () => {
    expect(shaped()).toEqual(shaped());
  });
});
