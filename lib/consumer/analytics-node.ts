import type { Types } from '@amplitude/analytics-node';
import type { AmplitudeKey } from './amplitude-key.ts';

type Transport = Types.IConfig['transportProvider'];
type Answer = Awaited<ReturnType<Transport['send']>>;

/**
 * Has `@amplitude/analytics-node` send with the current key, and again with another one before it
 * learns that Amplitude rejected the first: of a rejected key it would drop the events. Add it
 * before `init`.
 */
export function keyPlugin(key: AmplitudeKey): Types.BeforePlugin {
  return {
    name: 'amplitude-keys',
    type: 'before',
    async setup(config) {
      config.transportProvider = sendingWith(key, config.transportProvider);
    },
  };
}

/** What it throws lets the SDK keep the events and send them later, as after an answer of 503. */
function sendingWith(key: AmplitudeKey, transport: Transport): Transport {
  return {
    async send(serverUrl, payload, compress) {
      let apiKey = await key.current();
      let answer = await transport.send(serverUrl, { ...payload, api_key: apiKey }, compress);
      while (isInvalidKey(answer)) {
        apiKey = await key.rejected(apiKey);
        answer = await transport.send(serverUrl, { ...payload, api_key: apiKey }, compress);
      }
      return answer;
    },
  };
}

/** As the SDK itself tells it, before it drops the events. */
const isInvalidKey = (answer: Answer) =>
  answer?.statusCode === 400 &&
  'body' in answer &&
  'error' in answer.body &&
  answer.body.error.startsWith('Invalid API key');
