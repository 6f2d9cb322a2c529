import { describe, expect, it } from 'vitest';
import { functionName } from '../../../lambda/contract.ts';
import { play } from './play.ts';
import { violationsIn } from './relay.ts';
import type { Scene } from './scene.ts';

const SENDER = functionName('dev', 'relay-sender');
/** How the insert_id of one event begins. */
const ONE = '"insert_id":"00000010';

const played = (spoil?: (scene: Scene) => void) =>
  play({ events: 400, seed: 90, progress: () => {}, ...(spoil ? { spoil } : {}) });

async function promisesBroken(spoil: (scene: Scene) => void) {
  return violationsIn(await played(spoil), 90, 'short').map(({ promise }) => promise);
}

/** The sender never sees a message of one event as it is. */
function spoilOne(scene: Scene, change: (body: string) => string | undefined) {
  const { functions } = scene.world.aws;
  const send = functions.get(SENDER);
  if (!send) throw new Error('There is no sender.');
  functions.set(SENDER, async (event) => {
    const { Records } = event as { readonly Records?: readonly { readonly body: string }[] };
    if (!Records) return send(event);
    const seen = Records.flatMap((record) => {
      const body = record.body.includes(ONE) ? change(record.body) : record.body;
      return body === undefined ? [] : [{ ...record, body }];
    });
    return send({ Records: seen });
  });
}

describe('the search of the relay', () => {
  it('finds nothing in it as it is; and if memory grew, or something never happened, that', async () => {
    const good = await played();
    expect(violationsIn(good, 90, 'short')).toEqual([]);
    const heavier = { ...good.heap, end_mb: good.heap.first_tenth_mb + 11 };
    const deeds = { ...good.deeds, by_wake: 0 };
    const found = violationsIn({ ...good, heap: heavier, deeds }, 90, 'long');
    expect(found.map(({ how }) => how)).toEqual([
      'The heap grew by 11.0 MB after the first tenth.\nAgain: npm run prove -- relay --seed 90',
      'It never came to: by_wake.\nAgain: npm run prove -- relay --seed 90',
    ]);
  });

  it('finds an event that is called done though it was not sent', async () => {
    const broken = await promisesBroken((scene) => spoilOne(scene, () => undefined));
    expect(broken).toEqual(['No event that was taken is lost.']);
  });

  it('finds an event that arrives as another', async () => {
    const another = (body: string) => body.replace(ONE, `${ONE.slice(0, -1)}f`);
    expect(await promisesBroken((scene) => spoilOne(scene, another))).toEqual([
      'No event that was taken is lost.',
      'Each event arrives as it was sent.',
    ]);
  });
});
