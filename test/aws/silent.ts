import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';

/** An AWS on loopback that takes every call and never answers one. */
export async function silentAws() {
  const called = Promise.withResolvers<void>();
  const server = createServer(() => called.resolve());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  return {
    /** Until the first call has arrived, no time passes. */
    called: called.promise,
    close() {
      vi.useRealTimers();
      vi.unstubAllEnvs();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Why the work was refused, and after how many seconds of a time that passes at once. */
export async function refusedAfter(work: Promise<unknown>, atMost: number) {
  const ended = vi.fn();
  work.then(
    () => ended('nothing'),
    ({ name }) => ended(name),
  );
  let seconds = 0;
  for (; !ended.mock.calls.length && seconds < atMost; seconds += 0.1) {
    await vi.advanceTimersByTimeAsync(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { refusedWith: ended.mock.calls[0]?.[0], seconds: Math.round(seconds) };
}
