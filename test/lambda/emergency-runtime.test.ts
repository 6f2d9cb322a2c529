import { describe, expect, it } from 'vitest';
import { emergencyOnLambda } from '../../lambda/emergency-runtime.ts';

describe('the clients of a hand-over in an emergency', () => {
  const { ecs, events } = emergencyOnLambda().clients;

  it.each([
    ['ECS', ecs],
    ['EventBridge', events],
  ])('wait for %s for seconds, not for as long as it takes', async (_, { config }) => {
    expect(await config.maxAttempts()).toBe(2);
    const handler = config.requestHandler as unknown as {
      readonly configProvider: Promise<Readonly<Record<string, unknown>>>;
    };
    expect(await handler.configProvider).toMatchObject({
      connectionTimeout: 1_000,
      requestTimeout: 2_000,
      throwOnRequestTimeout: true,
    });
  });
});
