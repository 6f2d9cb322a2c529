import fc from 'fast-check';
import type { Scene } from './scene.ts';

/** When, how long and how often; a seed's. */
export interface Moment {
  /** Of the leg's events, how many have come. */
  readonly at: number;
  /** In seconds. */
  readonly lasting: number;
  readonly often: number;
}

export const moments = (seed: number, count: number): Moment[] =>
  fc.sample(
    fc.record({
      at: fc.double({ min: 0.05, max: 0.6, noNaN: true }),
      lasting: fc.integer({ min: 60, max: 900 }),
      often: fc.integer({ min: 2, max: 4 }),
    }),
    { seed, numRuns: count },
  );

/** A tenth of all events, and what happens meanwhile. */
export interface Leg {
  readonly name: string;
  plan(scene: Scene, moment: Moment, seconds: number): void;
}

const killed: Leg = {
  name: 'killed and restarted',
  plan(scene, { at, lasting, often }, seconds) {
    for (let time = 0; time < often; time += 1) {
      const start = at * seconds + time * (lasting + 60);
      scene.after(start, () => scene.kill({ inRequest: time % 2 === 0 }));
      scene.after(start + lasting, () => scene.comeBack());
    }
  },
};

const throttled: Leg = {
  name: 'throttled',
  plan(scene, { at, lasting, often }, seconds) {
    const { amplitude } = scene.world;
    scene.after(at * seconds, () => {
      amplitude.expect(...Array.from({ length: often }, () => 'throttling' as const));
      for (let user = 0; user < 500; user += 1)
        amplitude.batch.throttled.add(`user-${user}-of-dify`);
    });
    scene.after(at * seconds + lasting, () => amplitude.batch.throttled.clear());
  },
};

const tooLarge: Leg = {
  name: 'too large',
  plan(scene, { at, lasting }, seconds) {
    const { batch } = scene.world.amplitude;
    const { most } = batch;
    scene.after(
      at * seconds,
      () => void Object.assign(batch, { most: { events: 90, bytes: 20_000 } }),
    );
    scene.after(at * seconds + lasting, () => void Object.assign(batch, { most }));
  },
};

const answersLost: Leg = {
  name: 'answers lost',
  plan(scene, { at, lasting, often }, seconds) {
    const { amplitude } = scene.world;
    for (let time = 0; time < often; time += 1) {
      const start = at * seconds + (time * lasting) / often;
      scene.after(start, () =>
        amplitude.expect('answer-lost', 'hanging-up', 'answer-lost', 'failing', 'html'),
      );
    }
  },
};

const ownTrouble: Leg = {
  name: "AWS's trouble and ours",
  plan(scene, { at, often }, seconds) {
    const { faults } = scene.world.aws;
    for (let time = 0; time < often; time += 1) {
      scene.after(at * seconds + time, () => {
        faults.fail('SendMessageBatch', { error: 'timeout', when: 'after', nth: 3 });
        faults.fail('UpdateItem', { error: 'throttled', when: 'after', nth: 3 });
        faults.fail('BatchGetItem', { error: 'throttled' });
        scene.dying += 1;
        scene.recycleSenders();
      });
    }
  },
};

const rotated: Leg = {
  name: 'rotated',
  plan(scene, { at }, seconds) {
    scene.after(at * seconds, () => scene.rotate({ isTold: true }));
  },
};

/** No key is accepted until another is rotated to. */
const revoked = (isTold: boolean): Leg => ({
  name: isTold ? 'revoked, and the event comes' : 'revoked, and the event is lost',
  plan(scene, { at, lasting }, seconds) {
    scene.after(at * seconds, () => scene.revoke('all'));
    scene.after(at * seconds + seconds + lasting, () => scene.rotate({ isTold }));
  },
});

const retained: Leg = {
  name: 'revoked, and the retained key is accepted',
  plan(scene, { at, lasting }, seconds) {
    scene.after(0, () => scene.rotate({ isTold: true }));
    scene.after(at * seconds, () => scene.revoke('current'));
    scene.after(at * seconds + lasting, () => scene.rotate({ isTold: true }));
  },
};

const atOnce: Leg = {
  name: 'all at once',
  plan(scene, moment, seconds) {
    for (const leg of [killed, throttled, tooLarge, answersLost, ownTrouble])
      leg.plan(scene, moment, seconds);
    // Amplitude has to be there to be asked about the next key
    scene.after(seconds + 5_000, () => scene.rotate({ isTold: true }));
  },
};

export const LEGS: readonly Leg[] = [
  killed,
  throttled,
  tooLarge,
  answersLost,
  ownTrouble,
  rotated,
  revoked(true),
  revoked(false),
  retained,
  atOnce,
];
