import { describe, expect, it } from 'vitest';
import { variable } from '../../lambda/contract.ts';
import {
  createRelaySenderRuntime,
  relaySenderOnLambda,
} from '../../lambda/relay-sender-runtime.ts';
import { createWorld } from './world.ts';

async function variables() {
  const world = await createWorld({ relay: {} });
  await world.close();
  return world.variables;
}

describe("the sender's runtime", () => {
  it('is built of the variables of its function', async () => {
    const wiring = { ...relaySenderOnLambda(), variables: await variables() };
    expect(createRelaySenderRuntime(wiring).sender).toEqual({ environment: 'dev', key: 'web' });
  });

  it.each([variable.relay, variable.relayFailedQueueUrl, variable.topicArn])(
    'says so where %s is missing',
    async (name) => {
      const wiring = {
        ...relaySenderOnLambda(),
        variables: { ...(await variables()), [name]: '' },
      };
      expect(() => createRelaySenderRuntime(wiring)).toThrow(
        expect.objectContaining({
          code: 'SETTING_INVALID',
          message: expect.stringContaining(name),
        }),
      );
    },
  );
});
