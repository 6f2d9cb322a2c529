import { stackName } from '../../../lambda/contract.ts';
import { isStopped } from './feed.ts';
import { totalOf } from './queues.ts';
import type { RelayStatus } from './status.ts';

type Known = Pick<RelayStatus, 'environment' | 'key' | 'feed' | 'failed' | 'move'>;

/** What a person has to do, the most urgent first; nothing where all is well. */
export function nextSteps({ environment, key, feed, failed, move }: Known): string[] {
  const replay = `npx keyctl relay replay --env ${environment}`;
  const of = `--env ${environment} --key ${key}`;
  const steps: string[] = [];
  if (feed?.state === 'Missing') {
    steps.push(
      `Nothing hands events to the sender. Deploy what does: npx cdk deploy ${stackName(environment)}`,
    );
  }
  if (feed && isStopped(feed)) {
    steps.push(
      `See which key is accepted: npx keyctl verify ${of}. If none is, hand in another and promote it: npx keyctl stage ${of}, then npx keyctl rotate ${of}. If it can't be read: npx keyctl status ${of}. The relay goes on by itself within 15 minutes; where the rejected key is accepted again, within 6 hours.`,
    );
  }
  if (move) steps.push(`Follow the move: ${replay}`);
  else if (totalOf(failed) > 0) {
    steps.push(
      `Failed events are kept for 14 days, and are sent again as they are. If Amplitude would take them now, move them back: ${replay}`,
    );
  }
  return steps;
}
