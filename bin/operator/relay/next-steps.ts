import { stackName } from '../../../lambda/contract.ts';
import { areLasting } from './failures.ts';
import type { HeldFor } from './held.ts';
import { isStopped } from './mapping.ts';
import { totalOf } from './queues.ts';
import type { RelayStatus } from './status.ts';

type Known = Pick<
  RelayStatus,
  'environment' | 'key' | 'eventSourceMapping' | 'heldFor' | 'failed' | 'failures' | 'move'
>;

/** What a person has to do, the most urgent first; nothing where all is well. */
export function nextSteps({
  environment,
  key,
  eventSourceMapping: mapping,
  heldFor,
  failed,
  failures,
  move,
}: Known): string[] {
  const replay = `npx keyctl relay replay --env ${environment}`;
  const steps: string[] = [];
  if (mapping?.state === 'Missing') {
    steps.push(
      `Nothing hands events to the sender. Deploy what does: npx cdk deploy ${stackName(environment)}`,
    );
  }
  if (mapping && isStopped(mapping))
    steps.push(keyStep(`--env ${environment} --key ${key}`, heldFor));
  if (move) steps.push(`Follow the move: ${replay}`);
  else if (failures && areLasting(failures)) {
    steps.push(
      "Amplitude never takes these as they are. Mend the program that posts such events, or the relay's eventTypes and properties in the configuration; SQS deletes these after 14 days.",
    );
  } else if (totalOf(failed) > 0) {
    steps.push(
      `Failed events are kept for 14 days, and are sent again as they are. If Amplitude would take them now, move them back: ${replay}`,
    );
  }
  return steps;
}

/** @param of which key, as options */
function keyStep(of: string, heldFor: HeldFor | undefined): string {
  const status = `npx keyctl status ${of}`;
  const promote = `npx keyctl stage ${of}, then npx keyctl rotate ${of}`;
  if (heldFor === 'missing') {
    return `Hand in the key in use and promote it: ${promote}. The relay goes on by itself within 15 minutes.`;
  }
  if (heldFor === 'unreadable') {
    return `Let the current key be read again: ${status} says what is wrong. The relay goes on by itself within 15 minutes.`;
  }
  const otherwise =
    heldFor === 'rejected'
      ? "If the current one is accepted, the log of relay-sender says why it can't be read there."
      : `If it can't be read: ${status}.`;
  return `See which key is accepted: npx keyctl verify ${of}. If none is, hand in another and promote it: ${promote}. ${otherwise} The relay goes on by itself within 15 minutes; where the rejected key is accepted again, within 6 hours.`;
}
