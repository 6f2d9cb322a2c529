import { expect, it } from 'vitest';
import { type RelayIntakeWiring, relayIntakeOnLambda } from '../../lambda/relay-intake-runtime.ts';
import { TIMEOUT_SECONDS } from '../../lib/thresholds.ts';

type Client = RelayIntakeWiring['clients']['sqs'];

it.each(Object.entries(relayIntakeOnLambda().clients))(
  'a request is answered in time though %s is silent, and another was before',
  async (_, client) => {
    const { config } = client as Pick<Client, 'config'>;
    const handler = config.requestHandler as unknown as {
      readonly configProvider: Promise<Readonly<Record<string, unknown>>>;
    };
    const { requestTimeout, throwOnRequestTimeout } = await handler.configProvider;
    expect(throwOnRequestTimeout).toBe(true);
    const patience = Number(requestTimeout) * (await config.maxAttempts());
    expect(3 * patience).toBeLessThan(TIMEOUT_SECONDS['relay-intake'] * 1_000);
  },
);
