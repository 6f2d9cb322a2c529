import { RELAY_NOTICE } from '../../../contract.ts';
import type { Memory } from '../../access-guard/ports.ts';
import { asKeysError, failureOf, type KeysError } from '../../errors.ts';
import { HOUR } from '../../key-state.ts';
import type { Notice, Notifier, Timer } from '../../ports.ts';
import { goesOnNotice, heldNotice } from './notices.ts';
import type { EventSourceMapping, Held, Holding, SendingKeys } from './ports.ts';

export interface HeldPorts {
  readonly holding: Holding;
  readonly keys: SendingKeys;
  readonly mapping: EventSourceMapping;
  readonly memory: Pick<Memory, 'claim' | 'settle'>;
  readonly notifier: Notifier;
  readonly timer: Timer;
  readonly sender: Sender;
}

/** Whose events they are. */
export interface Sender {
  readonly environment: string;
  /** Name of the key that it sends with. */
  readonly key: string;
}

/** `trying`: held, but a batch is let through to see whether Amplitude still means it. */
export type Standing = 'on' | 'trying' | 'held';

/** An answer of Amplitude may have been wrong, and no rotation comes for months. */
const TRIED_EVERY = 6 * HOUR;

/** @param current fingerprint of the current key; undefined: it can't be read */
export function standingOf(
  held: Held | undefined,
  current: string | undefined,
  now: Date,
): Standing {
  if (!held || held.overAt) return 'on';
  if (current === undefined) return 'held';
  if (!held.rejected.includes(current)) return 'on';
  const { triedAt = held.since } = held;
  return now.getTime() - triedAt.getTime() >= TRIED_EVERY ? 'trying' : 'held';
}

export interface Settled {
  readonly standing: Standing;
  /** Why the current key can't be read. */
  readonly error?: KeysError;
}

/**
 * Turns the mapping on or off as what is known of the keys wants it. May run any number of times, and at
 * once: after a hold, at a rotation, by the clock.
 * @param owner the invocation's own
 * @throws KeysError; whatever it has done until then is done again by the next
 */
export async function settle(ports: HeldPorts, owner: string): Promise<Settled> {
  const { holding, mapping, timer } = ports;
  const held = await holding.read();
  const { fingerprint, error } = held ? await currentOf(ports) : {};
  let standing = standingOf(held, fingerprint, timer.now());
  if (!held) await mapping.enable();
  else if (standing === 'on') await goOn(ports, held, owner);
  else if (standing === 'trying') {
    // In this order: a try that isn't begun is none, and the next look begins it.
    await mapping.enable();
    await holding.tried(held, timer.now());
  } else standing = await stay(ports, held, error, owner);
  return { standing, ...(error ? { error } : {}) };
}

/** No key is accepted, or none can be read: what is handed out comes back unsent. */
export async function hold(
  ports: HeldPorts,
  rejected: readonly string[],
  owner: string,
): Promise<Settled> {
  const failure = await failureOf(ports.holding.hold(rejected, ports.timer.now()));
  if (!failure) return settle(ports, owner);
  // Nobody will know why, but until the next look no message is handed out in vain
  await ports.mapping.disable();
  throw failure;
}

/** A key was accepted at that time: whatever it was held for before is over. */
export async function letGo(ports: HeldPorts, takenAt: Date, owner: string): Promise<void> {
  const held = await ports.holding.read();
  if (!held || held.since > takenAt) return;
  // First, so that whoever looks next goes on with it although this one can't tell
  await ports.holding.over(held, takenAt);
  await goOn(ports, held, owner);
}

async function currentOf({
  keys,
}: HeldPorts): Promise<{ readonly fingerprint?: string; readonly error?: KeysError }> {
  keys.forget();
  try {
    return { fingerprint: (await keys.current()).fingerprint };
  } catch (error) {
    return { error: asKeysError(error) };
  }
}

/** Longer than the function runs. */
const LEASE_MS = 180_000;
const TOLD_MS = 90 * 24 * HOUR;

/**
 * Who tells it is the one to end it, so that one who died in between leaves it to the next. It ends
 * although the mapping couldn't be started, which is being stopped perhaps: whoever looks next starts it.
 */
async function goOn(ports: HeldPorts, held: Held, owner: string): Promise<void> {
  const failure = await failureOf(ports.mapping.enable());
  const notice = goesOnNotice(ports.sender, held, ports.timer.now());
  if (await tell(ports, `on ${held.since.toISOString()}`, notice, owner)) {
    await ports.holding.release(held);
    // Whoever saw it held may have stopped the mapping since
    await ports.mapping.enable();
  } else if (failure) throw failure;
}

/**
 * While the mapping was being disabled, a rotation may have let it go on.
 * @param unreadable why the current key can't be read, if it can't
 */
async function stay(
  ports: HeldPorts,
  held: Held,
  unreadable: KeysError | undefined,
  owner: string,
): Promise<Standing> {
  const failure = await failureOf(ports.mapping.disable());
  const now = await ports.holding.read();
  if (!now) {
    await ports.mapping.enable();
    return 'on';
  }
  // What has changed is told by who changed it
  if (nameOf(now) === nameOf(held)) await tellHeld(ports, held, unreadable, owner);
  if (failure) throw failure;
  return 'held';
}

/** Another key that is rejected is news, though it is held already. */
const nameOf = ({ since, rejected }: Held) =>
  ['held', since.toISOString(), ...rejected.toSorted()].join(' ');

async function tellHeld(
  ports: HeldPorts,
  held: Held,
  unreadable: KeysError | undefined,
  owner: string,
): Promise<void> {
  const id = nameOf(held);
  if (!(await tell(ports, id, heldNotice(ports.sender, held, unreadable), owner))) return;
  await ports.memory.settle(
    `${RELAY_NOTICE}${id}`,
    new Date(ports.timer.now().getTime() + TOLD_MS),
  );
}

/** @returns false: it is told by another, or has been */
async function tell(
  { memory, notifier, timer }: HeldPorts,
  id: string,
  notice: Notice,
  owner: string,
): Promise<boolean> {
  const now = timer.now();
  const lease = new Date(now.getTime() + LEASE_MS);
  if (!(await memory.claim(`${RELAY_NOTICE}${id}`, owner, now, lease))) return false;
  await notifier.notify(notice);
  return true;
}
