import { relayQueueName } from '../../../contract.ts';
import type { KeysError } from '../../errors.ts';
import type { Notice } from '../../ports.ts';
import type { Sender } from './held.ts';
import type { Held } from './ports.ts';

const called = ({ environment, key }: Sender) => `${environment}/${key}`;

/** @param unreadable why the current key can't be read, if it can't */
export function heldNotice(
  sender: Sender,
  { since, rejected }: Held,
  unreadable: KeysError | undefined,
): Notice {
  const key = called(sender);
  const { environment } = sender;
  const others = rejected.length > 0 ? `, and Amplitude rejects ${rejected.join(', ')}` : '';
  const why = unreadable
    ? `The relay can't read the current key of ${key} (${unreadable.code})${others}.`
    : `Amplitude rejects every key of ${key} that the relay can read: ${rejected.join(', ')}.`;
  return {
    subject: `Amplitude key ${key}: the relay is held back`,
    parts: [
      {
        happened: [
          why,
          `Since ${since.toISOString()} events wait in the queue ${relayQueueName(environment)}, which keeps them for 14 days. None is lost.`,
        ],
        todo: todoOf(sender, unreadable),
      },
    ],
  };
}

function todoOf({ environment, key }: Sender, unreadable: KeysError | undefined): string {
  const of = `--env ${environment} --key ${key}`;
  const promote = `npx keyctl stage ${of}, then npx keyctl rotate ${of}`;
  if (!unreadable) {
    return `Stage the next key and rotate: ${promote}. The relay goes on by itself within 15 minutes; it also tries the rejected keys again every 6 hours.`;
  }
  return unreadable.code === 'NO_KEY_YET'
    ? `It has none yet. Stage the key in use and rotate: ${promote}. The relay goes on by itself within 15 minutes.`
    : `Make it readable again: npx keyctl status ${of} says what is wrong. The relay looks every 15 minutes and goes on by itself.`;
}

export function goesOnNotice(sender: Sender, { since }: Held, now: Date): Notice {
  const key = called(sender);
  return {
    subject: `Amplitude key ${key}: the relay goes on`,
    parts: [
      {
        happened: [
          `Events are sent again, those first that have waited since ${since.toISOString()}; now it is ${now.toISOString()}.`,
        ],
      },
    ],
  };
}
