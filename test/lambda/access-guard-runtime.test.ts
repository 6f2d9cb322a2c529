import { describe, expect, it } from 'vitest';
import { accessGuardOnLambda } from '../../lambda/access-guard-runtime.ts';
import { GUARD_NOUN } from '../../lambda/contract.ts';
import { TIMEOUT_SECONDS } from '../../lib/thresholds.ts';

describe('the clients of the access guard', () => {
  const { lambda, ...others } = accessGuardOnLambda().clients;
  const patienceOf = async ({ config }: Pick<typeof lambda, 'config'>) => {
    const handler = config.requestHandler as unknown as {
      readonly configProvider: Promise<Readonly<Record<string, unknown>>>;
    };
    const { requestTimeout, throwOnRequestTimeout } = await handler.configProvider;
    expect(throwOnRequestTimeout).toBe(true);
    return Number(requestTimeout) * (await config.maxAttempts());
  };

  it('leave time to write uses down when inspect gives no answer', async () => {
    const half = (TIMEOUT_SECONDS[GUARD_NOUN] * 1_000) / 2;
    expect(await patienceOf(lambda)).toBeLessThanOrEqual(half);
  });

  it.each(Object.entries(others))('wait for %s for seconds', async (_, client) => {
    expect(await patienceOf(client as Pick<typeof lambda, 'config'>)).toBeLessThanOrEqual(8_000);
  });
});
