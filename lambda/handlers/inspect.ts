import pLimit from 'p-limit';
import * as z from 'zod/mini';
import {
  type InventoryReport,
  type KeyReport,
  secretName,
  type UnreadableKey,
  type VerifyReport,
  type WhichReport,
} from '../contract.ts';
import { KeysError } from '../domain/errors.ts';
import { keyFacts, listedOnce } from '../domain/key-facts.ts';
import { keyReport } from '../domain/key-report.ts';
import type { ListedSecret } from '../domain/ports.ts';
import { verify } from '../domain/verify.ts';
import { which } from '../domain/which.ts';
import type { Log } from '../log.ts';
import type { Runtime } from '../runtime.ts';
import { worker } from '../worker.ts';

const caller = z.optional(z.string().check(z.maxLength(256)));
const key = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/));
const schema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('inventory'), key: z.optional(key), caller }),
  z.strictObject({ action: z.literal('verify'), key, caller }),
  z.strictObject({
    action: z.literal('which'),
    fingerprint: z.string().check(z.regex(/^[0-9a-f]{12}$/)),
    caller,
  }),
]);

/** Keys read at the same time: far below the quotas, and 100 keys take seconds. */
const CONCURRENCY = 8;

type Report = InventoryReport | VerifyReport | WhichReport;

/** Answers what is known of the keys; it only reads, and no value leaves it. */
export async function inspect(runtime: Runtime, event: unknown, log: Log): Promise<Report> {
  const { data: request } = schema.safeParse(event);
  if (!request) {
    throw new KeysError(
      'EVENT_MALFORMED',
      'The payload is one of {"action":"inventory","key"?}, {"action":"verify","key"}, {"action":"which","fingerprint": 12 hex digits}, each with an optional "caller".',
    );
  }
  log.caller(`claimed:${request.caller ?? 'nobody'}`);
  log.info('Asked', { action: request.action });
  const { environment } = runtime.settings;
  const at = runtime.clock.now().toISOString();
  const ports = { ...runtime, environment };
  if (request.action === 'verify') {
    const facts = await keyFacts(ports, secretName(environment, request.key));
    return { environment, key: request.key, at, checks: await verify(runtime, facts) };
  }
  if (request.action === 'which') {
    const { keys, unreadable } = await reports(runtime);
    const { fingerprint } = request;
    return { environment, fingerprint, matches: which(fingerprint, keys), unreadable };
  }
  const subscriptions = await runtime.subscriptions.list();
  return { environment, at, ...(await reports(runtime, request.key)), subscriptions };
}

/** One key that can't be read doesn't hide the others. */
async function reports(runtime: Runtime, only?: string) {
  const { environment } = runtime.settings;
  const secrets = only
    ? [{ name: secretName(environment, only) }]
    : await runtime.secrets.list(environment);
  const stagedKeys = only ? runtime.stagedKeys : await listedOnce(runtime.stagedKeys, environment);
  const keys: KeyReport[] = [];
  const unreadable: UnreadableKey[] = [];
  const limit = pLimit(CONCURRENCY);
  const report = async ({ name }: ListedSecret) => {
    try {
      const facts = await keyFacts({ ...runtime, environment, stagedKeys }, name);
      keys.push(keyReport(facts, runtime.clock.now()));
    } catch (error) {
      if (!(error instanceof KeysError)) throw error;
      const { code, message } = error;
      unreadable.push({
        key: name.slice(secretName(environment, '').length),
        error: { code, message },
      });
    }
  };
  await Promise.all(secrets.map((secret) => limit(() => report(secret))));
  return { keys: keys.sort((a, b) => a.key.localeCompare(b.key)), unreadable };
}

export const handler = worker('inspect', inspect);
