import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { RelayEvent } from '../../lambda/domain/relay/relay-event.ts';
import { createWorld, KEYS } from '../lambda/world.ts';
import { median, type Part, pairedRatio, type Row } from './measurement.ts';
import {
  BATCH,
  batchesOf,
  executions,
  relaySending,
  type Send,
  sdkSending,
} from './relay-senders.ts';
import type { Told } from './relay-stand-in.ts';

const EVENTS = 20_000;
const AT_ONCE = 2;
const RUNS = 7;
const MILLION = 1_000_000;
const PEER = '@amplitude/analytics-node';

interface Speed {
  readonly perSecond: number;
  /** Of a million events, this process alone. */
  readonly cpuSeconds: number;
}

/** All batches, so many at once, each by its own sender. */
async function timed(senders: readonly Send[], events: readonly RelayEvent[]): Promise<Speed> {
  const open = batchesOf(events);
  const started = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(
    senders.map(async (send) => {
      for (let batch = open.shift(); batch; batch = open.shift()) await send(batch);
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1_000;
  const cpuSeconds = ((user + system) / MILLION) * (MILLION / events.length);
  return { perSecond: events.length / seconds, cpuSeconds };
}

async function standInProcess() {
  const child = fork(new URL('./relay-stand-in.ts', import.meta.url));
  const next = async () => (await once(child, 'message'))[0] as Told;
  const { ingestion = '' } = await next();
  return {
    ingestion,
    /** How many came since the last time. */
    async count(): Promise<number> {
      const answer = next();
      child.send('count');
      return (await answer).events ?? 0;
    },
    stop: () => void child.disconnect(),
  };
}

/** In turn, so that both meet the same load of the machine; the first of each only warms up. */
async function speeds(runs: number, progress: (text: string) => void) {
  const standIn = await standInProcess();
  const world = await createWorld({ relay: {} });
  const { ingestion } = standIn;
  const each = (start: () => Send) => Array.from({ length: AT_ONCE }, start);
  const both = [
    each(() => relaySending(world, ingestion)),
    each(() => sdkSending(KEYS.first, ingestion)),
  ] as const;
  const measured: readonly [Speed[], Speed[]] = [[], []];
  try {
    for (let run = 0; run <= runs; run += 1) {
      for (const [which, senders] of both.entries()) {
        progress(`run ${run} of ${runs}`);
        const speed = await timed(senders, executions(EVENTS));
        const taken = await standIn.count();
        if (taken !== EVENTS) throw new Error(`${taken} of ${EVENTS} events arrived.`);
        world.printed.length = 0;
        world.aws.resetCalls();
        if (run > 0) measured[which]?.push(speed);
      }
    }
    return { own: measured[0], peer: measured[1] };
  } finally {
    await world.close();
    standIn.stop();
  }
}

const BATCHES = { before: 5, meanwhile: 5, after: 5 } as const;

/** The key is revoked, events go on coming, and the next key is current after so many. */
async function lostByRelay(): Promise<number> {
  const world = await createWorld({ relay: {} });
  const { relay, amplitude } = world;
  const come = async (batches: number) => {
    const events = executions(batches * BATCH);
    relay.put(...events);
    await relay.poll();
    return events.length;
  };
  try {
    let sent = await come(BATCHES.before);
    amplitude.revoke(KEYS.first);
    sent += await come(BATCHES.meanwhile);
    await world.stage(KEYS.second);
    world.aws.clock.advance(60_000);
    await world.rotate();
    await relay.announce();
    sent += await come(BATCHES.after);
    await relay.pollAgain();
    return sent - amplitude.countsByInsertId().size;
  } finally {
    await world.close();
  }
}

/** The same; its program starts it anew with the next key. */
async function lostBySdk(): Promise<number> {
  const world = await createWorld();
  const { amplitude } = world;
  const { ingestion } = amplitude.endpoints.US;
  const come = async (send: Send, batches: number) => {
    const events = executions(batches * BATCH);
    for (const batch of batchesOf(events)) await send(batch);
    return events.length;
  };
  try {
    const first = sdkSending(KEYS.first, ingestion);
    let sent = await come(first, BATCHES.before);
    amplitude.revoke(KEYS.first);
    sent += await come(first, BATCHES.meanwhile);
    amplitude.generate(KEYS.second);
    sent += await come(sdkSending(KEYS.second, ingestion), BATCHES.after);
    return sent - amplitude.countsByInsertId().size;
  } finally {
    await world.close();
  }
}

export const relay: Part = {
  name: 'relay',
  about: `Relay's sender, ${BATCH.toLocaleString('en-US')} events a request, ${AT_ONCE} requests at once, each answer awaited`,
  async measure({ progress, runs = RUNS }) {
    const { own, peer } = await speeds(runs, progress);
    const row = (what: string, unit: Row['unit'], field: keyof Speed): Row => {
      const [ours, theirs] = [own, peer].map((all) => all.map((speed) => speed[field]));
      return {
        what,
        unit,
        measured: median(ours ?? []),
        peer: { what: PEER, measured: median(theirs ?? []) },
        ratio: pairedRatio(ours ?? [], theirs ?? []),
      };
    };
    progress('a key that is revoked');
    const lost = { what: PEER, measured: await lostBySdk() };
    return [
      row('sent', 'events/s', 'perSecond'),
      row('CPU of a million events', 's', 'cpuSeconds'),
      {
        what: 'lost of 15,000, 5,000 while revoked',
        measured: await lostByRelay(),
        unit: 'events',
        peer: lost,
        bar: { most: 0 },
      },
    ];
  },
};
