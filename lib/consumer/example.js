// A program that sends events all the time, and loses none while its key is rotated or revoked.
import * as amplitude from '@amplitude/analytics-node';
import { amplitudeKey } from 'amplitude-keys';
import { keyPlugin } from 'amplitude-keys/analytics-node';

const {
  SECRET_ID = 'amplitude/dev/server',
  AMPLITUDE_URL = 'https://api2.amplitude.com/2/httpapi',
  EVERY_MS = '1000',
  FLUSH_MS = '10000',
} = process.env;

const key = amplitudeKey({ secretId: SECRET_ID });
amplitude.add(keyPlugin(key)); // before init, so that nothing is sent without it
amplitude.init(key.secretId, {
  serverUrl: AMPLITUDE_URL,
  flushIntervalMillis: Number(FLUSH_MS),
  flushMaxRetries: 120, // about two hours of patience while no key is accepted
});

let sent = 0;
const beat = setInterval(() => {
  sent += 1;
  amplitude.track('beat', { number: sent }, { user_id: 'example' });
}, Number(EVERY_MS));

// The process ends by itself once the SDK has nothing left to send.
process.once('SIGTERM', () => {
  clearInterval(beat);
  amplitude.flush();
  process.stdout.write(`${sent} events\n`);
});
