import * as z from 'zod/mini';
import { KeysError } from '../domain/errors.ts';
import { worst } from '../domain/lifecycle/measure.ts';
import { type Swept, type SweptKey, sweep } from '../domain/lifecycle/sweep.ts';
import { journalOf } from '../journal.ts';
import { createLifecycleRuntime, type LifecycleRuntime } from '../lifecycle-runtime.ts';
import type { Log, Metadata } from '../log.ts';
import { publishMeasures } from '../metrics.ts';
import { caller } from '../request.ts';
import { describeError, worker } from '../worker.ts';

const schema = z.strictObject({
  dryRun: z.optional(z.boolean()),
  caller,
});

/** What a sweep did, or by `{"dryRun":true}` would do, in words without values. */
export interface SweepReport {
  readonly environment: string;
  readonly at: string;
  readonly dryRun: boolean;
  readonly keys: readonly {
    readonly key: string;
    readonly notices: readonly string[];
    readonly transitions: readonly string[];
    readonly actions: readonly SweptKey['plan']['actions'][number][];
    readonly failed?: string;
  }[];
  readonly notLookedAt: Swept['lost'];
  /** Keys whose quarantine tags were not as they are to be; absent when none. */
  readonly retagged?: Swept['retagged'];
}

/** Looks after every key of the environment once. */
export async function lifecycle(
  runtime: LifecycleRuntime,
  input: unknown,
  log: Log,
): Promise<SweepReport> {
  const { data } = schema.safeParse(input ?? {});
  if (!data) {
    throw new KeysError(
      'EVENT_MALFORMED',
      'The payload is {} or {"dryRun":true}, which tells what a sweep would do, with an optional "caller"; nothing was done.',
    );
  }
  log.caller(`claimed:${data.caller ?? 'nobody'}`);
  const { settings, clock } = runtime;
  const { environment } = settings;
  const dryRun = data.dryRun ?? false;
  const at = clock.now().toISOString();
  const { addresses, reclaimAfterDays } = settings;
  const journal = journalOf(log, environment);
  const ports = {
    ...runtime,
    environment,
    addresses,
    reclaimAfterDays,
    project: settings,
    journal,
  };
  const swept = await sweep(ports, { dryRun });
  if (!dryRun) tell(swept, environment, log);
  const { keys, lost: notLookedAt, retagged } = swept;
  const report = { environment, at, dryRun, keys: keys.map(reported), notLookedAt };
  return retagged.length > 0 ? { ...report, retagged } : report;
}

const reported = ({ key, plan, error }: SweptKey) => ({
  key,
  notices: plan.notices.map(({ subject }) => subject),
  transitions: plan.transitions.map(({ transition }) => transition),
  actions: [...plan.told, ...plan.actions],
  ...(error ? { failed: `${error.message} (${error.code})` } : {}),
});

function tell({ keys, lost, retagged }: Swept, environment: string, log: Log): void {
  for (const key of retagged) log.info('Quarantine tags differed', { environment, key });
  for (const swept of keys) tellKey(swept, environment, log);
  for (const { key, error } of lost) {
    log.error(error.message, { code: error.code, environment, key });
  }
  const failed = keys.filter(
    ({ error, isUnreadable }) => error !== undefined || isUnreadable,
  ).length;
  publishMeasures(environment, {
    ...worst(keys.map(({ measures }) => measures)),
    keysNotSwept: lost.length + failed,
  });
}

/** The detail per key that the environment's metrics leave out. */
function tellKey({ key, plan, measures, error }: SweptKey, environment: string, log: Log): void {
  const numbers = Object.entries(measures).map(([name, value]) => [snake(name), value] as const);
  const metadata: Metadata = {
    environment,
    key,
    ...Object.fromEntries(numbers),
    notices: plan.notices.length,
    actions: plan.told.length + plan.actions.length,
  };
  if (error) log.error(error.message, { ...metadata, ...describeError(error) });
  else log.info('Key swept', metadata);
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const handler = worker('lifecycle', lifecycle, createLifecycleRuntime);
