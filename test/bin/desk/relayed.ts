import { relayFailure } from '../../../lambda/contract.ts';
import { type RelayParts, seedRelay } from '../../lambda/relay.ts';
import { Desk, NOW } from './desk.ts';

const DAY = 86_400_000;
const text = (StringValue: string) => ({ DataType: 'String', StringValue });

/** What an event holds of people; no command may print it. */
export const ANN = 'ann-of-the-customer';

/** A desk whose environment `prod` has a relay. */
export async function openRelayed() {
  const desk = await Desk.open();
  desk.environments.prod = { ...desk.environments.prod, relay: { key: 'server' } };
  const relay: RelayParts = seedRelay(desk.prod.aws, { key: 'server' }, 'prod');
  const body = JSON.stringify({ event: { user_id: ANN } });
  return {
    desk,
    ...relay,
    /** Events that wait. */
    wait(count: number, delaySeconds = 0): void {
      for (const _ of Array(count)) relay.queue.send({ body, attributes: {} }, delaySeconds);
    },
    /** Events that failed, as the sender puts them there. */
    fail(reason: string, count: number, daysAgo = 1): void {
      const failedAt = new Date(NOW.getTime() - daysAgo * DAY).toISOString();
      const attributes = {
        [relayFailure.reason]: text(reason),
        [relayFailure.failedAt]: text(failedAt),
      };
      for (const _ of Array(count)) relay.failed.send({ body, attributes });
    },
  };
}

export type Relayed = Awaited<ReturnType<typeof openRelayed>>;
