import type { EventBridgeClient, PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventBus } from '../../../lambda/adapters/event-bridge.ts';
import { fingerprintOf } from '../../../lambda/domain/secret-value.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
const KEY = '5'.repeat(32);
const EVENT = {
  environment: 'dev',
  key: 'web',
  secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:amplitude/dev/web-AbCdEf',
  fingerprint: fingerprintOf(KEY),
  version: 'f'.repeat(64),
  by: 'rotation',
} as const;
let aws: FakeAws;

beforeEach(() => {
  aws = new FakeAws({ now: NOW });
});

const announce = (event = EVENT) => eventBus(aws.clients.events).announce(event);

describe('that another key is current', () => {
  it('is an event on the default bus, about the secret', async () => {
    await announce();
    expect(aws.events.taken).toEqual([
      {
        source: 'amplitude-keys',
        detailType: 'Amplitude Key Rotated',
        detail: EVENT,
        resources: [EVENT.secretArn],
        at: NOW,
      },
    ]);
  });

  it('is told without whatever else comes with it, a key for one', async () => {
    await announce({ ...EVENT, apiKey: KEY } as typeof EVENT);
    expect(JSON.stringify(aws.events.taken)).not.toContain(KEY);
    expect(JSON.stringify(aws.calls)).not.toContain(KEY);
  });
});

describe('an event that is not taken', () => {
  it.each([
    ['InternalFailure', 'AWS_CALL_FAILED'],
    ['ThrottlingException', 'THROTTLED'],
    ['NotAuthorizedForSourceException', 'ACCESS_DENIED'],
    ['NotAuthorizedForDetailTypeException', 'ACCESS_DENIED'],
  ])('is an error, though the answer is none: %s', async (ErrorCode, code) => {
    aws.events.failure = { ErrorCode, ErrorMessage: `of ${KEY}` };
    const error = await announce().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, fields: { call: 'PutEvents', awsError: ErrorCode } });
    expect((error as Error).message).toContain('PutEvents of event Amplitude Key Rotated failed');
    expect((error as Error).message).not.toContain(KEY);
    expect(aws.events.taken).toEqual([]);
  });

  it.each([
    ['no entry', { FailedEntryCount: 1 }],
    ['no code', { FailedEntryCount: 1, Entries: [{}] }],
    ['a key for a code', { FailedEntryCount: 1, Entries: [{ ErrorCode: KEY }] }],
  ])('is an error where the answer holds %s', async (_, answer) => {
    const client = { send: async () => answer as PutEventsCommandOutput };
    const { announce } = eventBus(client as unknown as EventBridgeClient);
    await expect(announce(EVENT)).rejects.toMatchObject({
      code: 'AWS_CALL_FAILED',
      fields: { awsError: 'Error' },
    });
  });

  it.each([
    ['throttled', 'THROTTLED'],
    ['access-denied', 'ACCESS_DENIED'],
    ['timeout', 'AWS_CALL_FAILED'],
  ] as const)('is an error where the whole call is %s', async (error, code) => {
    aws.faults.fail('PutEvents', { error });
    await expect(announce()).rejects.toMatchObject({ code, fields: { call: 'PutEvents' } });
  });

  it('is sent once more by whoever asks again, and may then be there twice', async () => {
    aws.faults.fail('PutEvents', { error: 'timeout', when: 'after' });
    await expect(announce()).rejects.toMatchObject({ code: 'AWS_CALL_FAILED' });
    await announce();
    expect(aws.events.taken).toHaveLength(2);
  });
});
