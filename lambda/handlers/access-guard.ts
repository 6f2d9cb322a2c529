import { type AccessGuardRuntime, createAccessGuardRuntime } from '../access-guard-runtime.ts';
import { GUARD_NOUN } from '../contract.ts';
import { type Guarded, guard } from '../domain/access-guard/guard.ts';
import { KeysError } from '../domain/errors.ts';
import type { Log } from '../log.ts';
import { countGuarded } from '../metrics.ts';
import { describeError, worker } from '../worker.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Judges the uses of keys that a batch of CloudTrail's events tells of. */
export async function accessGuard(
  runtime: AccessGuardRuntime,
  event: unknown,
  log: Log,
): Promise<BatchAnswer> {
  const messages = runtime.messagesIn(event);
  if (!messages) {
    throw new KeysError(
      'EVENT_MALFORMED',
      'The payload is a batch of an SQS queue, {"Records":[{"messageId","body"}]}, each body an event of EventBridge; nothing was done.',
    );
  }
  const { environment, projectId } = runtime.settings;
  const writing = { environment, projectId, traceId: log.traceId() };
  const guarded = await guard(runtime, messages, writing);
  tellOf(guarded, environment, log);
  // After the work, in which more may have turned out
  for (const warning of runtime.warnings()) log.warn(warning, { environment });
  return { batchItemFailures: [...guarded.failed].map((itemIdentifier) => ({ itemIdentifier })) };
}

/** The detail per key is in the usage record. */
function tellOf(guarded: Guarded, environment: string, log: Log) {
  const { foreign, errors, judged, seen, reads, failed } = guarded;
  const suspicious = judged.filter(({ verdict }) => verdict === 'suspicious').length;
  log.info('Events judged', { environment, events: seen, suspicious, retried: failed.size });
  for (const [code, events] of foreign) log.info('Events passed over', { code, events });
  const told = new Map(errors.map((error) => [error.message, error]));
  for (const error of told.values()) log.error(error.message, describeError(error));
  const highestRisk = Math.max(0, ...judged.map(({ risk }) => risk?.score ?? 0));
  const began = new Set(
    judged.flatMap(({ answer }) => (answer?.hasBegun ? (answer.quarantine?.id ?? []) : [])),
  );
  countGuarded(environment, {
    readsSeen: reads,
    suspiciousUses: suspicious,
    highestRisk,
    quarantines: began.size,
  });
}

export const handler = worker(GUARD_NOUN, accessGuard, createAccessGuardRuntime);
