import { inventory } from '../inspect.ts';
import type { Session } from '../session.ts';

/** Why the relay is held back; `missing`: there is no key yet. */
export type HeldFor = 'rejected' | 'unreadable' | 'missing';

/**
 * What `inspect` sees of the key that the relay sends with. It may read what a lockdown keeps from the
 * relay; where it reads a key that is not locked, Amplitude rejects that.
 */
export async function heldFor(session: Session, key: string): Promise<HeldFor> {
  const { keys } = await inventory(session, key);
  const [report] = keys;
  const current = report?.versions.find(({ state }) => state === 'current');
  if (report?.lockedDown) return 'unreadable';
  if (current?.content === 'key') return 'rejected';
  return current?.content === 'placeholder' || current?.content === 'empty'
    ? 'missing'
    : 'unreadable';
}
