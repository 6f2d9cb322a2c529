import { beforeEach, describe, expect, it } from 'vitest';
import { relayEventSource } from '../../../lambda/adapters/relay-event-source.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

const functionName = 'amplitude-dev-relay-sender';
const MINUTE = 60_000;
let aws: FakeAws;

beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
});

const mapping = () => relayEventSource({ client: aws.clients.lambda, functionName, backoffMs: 0 });
const seed = (state: 'Creating' | 'Enabled' | 'Disabled' = 'Enabled', name = functionName) =>
  aws.lambda.mappings.seed({
    functionName: name,
    queue: aws.sqs.seedQueue('queue'),
    batchSize: 10,
    state,
  });
const stateOf = (mapping: string) => aws.lambda.mappings.stateOf(mapping);

describe("the sender's event source mapping", () => {
  it('is disabled and enabled, once each, and no other is', async () => {
    const [own, other] = [seed(), seed('Enabled', 'other')];
    await mapping().disable();
    await mapping().disable();
    expect(stateOf(own)).toBe('Disabling');
    aws.clock.advance(MINUTE);
    await mapping().disable();
    expect(aws.countOf('UpdateEventSourceMapping')).toBe(1);
    await mapping().enable();
    await mapping().enable();
    expect(stateOf(own)).toBe('Enabling');
    aws.clock.advance(MINUTE);
    await mapping().enable();
    expect(aws.countOf('UpdateEventSourceMapping')).toBe(2);
    expect(stateOf(other)).toBe('Enabled');
  });

  it('that is being made is enabled already', async () => {
    seed('Creating');
    await mapping().enable();
    expect(aws.countOf('UpdateEventSourceMapping')).toBe(0);
  });

  it('is changed again once it has changed', async () => {
    const own = seed();
    await mapping().disable();
    let tries = 0;
    aws.onCall = ({ command }) => {
      if (command !== 'UpdateEventSourceMapping') return;
      tries += 1;
      if (tries === 3) aws.clock.advance(MINUTE);
    };
    await mapping().enable();
    expect(stateOf(own)).toBe('Enabling');
  });

  it('that changes for too long is an error, for whoever comes next', async () => {
    seed();
    await mapping().disable();
    await expect(mapping().enable()).rejects.toMatchObject({
      fields: { call: 'UpdateEventSourceMapping', awsError: 'ResourceInUseException' },
    });
    expect(aws.countOf('UpdateEventSourceMapping')).toBe(5);
  });

  it.each(['ListEventSourceMappings', 'UpdateEventSourceMapping'])(
    'is not asked twice where %s is refused',
    async (call) => {
      seed();
      aws.faults.fail(call, { error: 'access-denied' });
      await expect(mapping().disable()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
      expect(aws.countOf(call)).toBe(1);
    },
  );

  it('that is missing is an error', async () => {
    await expect(mapping().disable()).rejects.toMatchObject({
      message: `Function ${functionName} has no event source mapping, so no event reaches it. Deploy its environment.`,
    });
  });
});
