import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchApi } from '../../../lambda/adapters/batch-api.ts';
import { SecretValue } from '../../../lambda/domain/secret-value.ts';
import { AmplitudeStandIn } from '../../amplitude.ts';
import { runEvent } from '../relay.ts';

const KEY = '1f0e9d8c'.repeat(4);
let amplitude: AmplitudeStandIn;

beforeEach(async () => {
  amplitude = await AmplitudeStandIn.start();
});
afterEach(() => amplitude.stop());

const send = (dataResidency: 'US' | 'EU' = 'US', timeoutMs = 5_000, { event } = runEvent()) =>
  batchApi({ dataResidency, endpoints: amplitude.endpoints, timeoutMs }).send(
    new SecretValue(KEY),
    [event],
  );

describe("Amplitude's Batch API", () => {
  it.each(['US', 'EU'] as const)('is asked in the region of the project, %s', async (region) => {
    amplitude.generate(KEY, region);
    expect(await send(region)).toEqual({ outcome: 'taken' });
    expect(amplitude.requests).toEqual([`${region} POST /batch`]);
  });

  it.each(['user_id', 'device_id'])('keeps the shortest of ids: %s', async (field) => {
    amplitude.generate(KEY);
    const { user_id: _, ...event } = runEvent().event;
    const sent = { ...runEvent(), event: { ...event, [field]: '7' } };
    expect(await send('US', 5_000, sent)).toEqual({ outcome: 'taken' });
    expect(amplitude.events).toMatchObject([{ [field]: '7' }]);
  });

  it('is sent less around the events than is left of a request for it', async () => {
    amplitude.generate(KEY);
    const event = runEvent();
    const bytes = Buffer.byteLength(JSON.stringify(event.event)) + 1_000;
    amplitude.batch.most = { events: 1, bytes };
    expect(await send('US', 5_000, event)).toEqual({ outcome: 'taken' });
  });

  it('of another region knows no key', async () => {
    amplitude.generate(KEY, 'EU');
    expect(await send('US')).toEqual({ outcome: 'key rejected' });
  });

  it.each([
    ['hanging-up', 'unreachable'],
    ['answer-lost', 'unreachable'],
    ['redirecting', 'http_307'],
    ['endless', 'not_amplitude'],
    ['failing', 'http_503'],
  ] as const)('%s is no answer', async (mood, reason) => {
    amplitude.generate(KEY);
    amplitude.expect(mood);
    expect(await send()).toEqual({ outcome: 'unavailable', reason });
  });

  it('that is silent is waited for as long as is said', async () => {
    amplitude.expect('silent');
    expect(await send('US', 50)).toEqual({ outcome: 'unavailable', reason: 'timeout' });
  });

  it('that does not exist is no answer', async () => {
    await amplitude.stop();
    expect(await send()).toEqual({ outcome: 'unavailable', reason: 'unreachable' });
    amplitude = await AmplitudeStandIn.start();
  });
});
