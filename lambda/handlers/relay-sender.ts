import { KeysError } from '../domain/errors.ts';
import { type Delivered, deliver } from '../domain/relay/sender/deliver.ts';
import { type Settled, settle } from '../domain/relay/sender/held.ts';
import type { Log } from '../log.ts';
import { countRelayed } from '../metrics.ts';
import { createRelaySenderRuntime, type RelaySenderRuntime } from '../relay-sender-runtime.ts';
import { describeError, worker } from '../worker.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting */
export interface SenderAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

const NOUN = 'relay-sender';
const NOTHING_FAILED: SenderAnswer = { batchItemFailures: [] };

/** Sends a batch of the queue; or looks, after a rotation and by the clock, whether it may go on. */
export async function relaySender(
  runtime: RelaySenderRuntime,
  event: unknown,
  log: Log,
): Promise<SenderAnswer> {
  const work = runtime.workIn(event);
  if (!work) {
    throw new KeysError(
      'EVENT_MALFORMED',
      'The payload is a batch of the relay\'s queue, an event "Amplitude Key Rotated", or {"action":"wake"}; nothing was done.',
    );
  }
  if (work.of === 'batch') {
    const delivered = await deliver(runtime, work.messages, log.traceId());
    tellOfBatch(delivered, runtime, log);
    const failures = [...delivered.again].map((itemIdentifier) => ({ itemIdentifier }));
    return { batchItemFailures: failures };
  }
  if (work.of === 'rotation') runtime.keys.forget();
  tellOfStanding(await settle(runtime, log.traceId()), runtime, log);
  return NOTHING_FAILED;
}

function tellOfBatch(delivered: Delivered, { sender }: RelaySenderRuntime, log: Log) {
  const {
    again,
    taken,
    failed,
    rejected,
    delaySeconds,
    waitingSeconds,
    isHeld,
    stoppedBy,
    errors,
  } = delivered;
  log.info('Events sent', {
    ...sender,
    events: taken,
    retried: again.size,
    ...(stoppedBy === undefined ? {} : { reason: stoppedBy }),
  });
  for (const [reason, events] of failed)
    log.error('Events that Amplitude never takes', { reason, events });
  for (const fingerprint of rejected)
    log.error('Amplitude rejected a key', { ...sender, fingerprint });
  if (isHeld) log.error('The relay is held back', { ...sender, events: again.size });
  const told = new Map(errors.map((error) => [error.message, error]));
  for (const error of told.values()) log.error(error.message, describeError(error));
  countRelayed(NOUN, sender.environment, {
    sent: taken,
    failed: [...failed.values()].reduce((sum, count) => sum + count, 0),
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
    ...(waitingSeconds === undefined ? {} : { waitingSeconds }),
    ...(isHeld ? { held: 1 } : {}),
  });
}

function tellOfStanding({ standing, error }: Settled, { sender }: RelaySenderRuntime, log: Log) {
  log.info('The relay was looked at', { ...sender, state: standing });
  if (error) log.error(error.message, describeError(error));
  countRelayed(NOUN, sender.environment, { held: standing === 'on' ? 0 : 1 });
}

export const handler = worker(NOUN, relaySender, createRelaySenderRuntime);
