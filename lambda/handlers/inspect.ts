import * as z from 'zod/mini';
import { type AssessRuntime, createAssessRuntime } from '../assess-runtime.ts';
import { secretName } from '../contract.ts';
import { assess } from '../domain/assess.ts';
import { asKeysError, KeysError } from '../domain/errors.ts';
import { standingsOf } from '../domain/hand-over/asking.ts';
import { keyFacts } from '../domain/key-facts.ts';
import { keyReport } from '../domain/key-report.ts';
import { look } from '../domain/look.ts';
import { inForce, quarantinesReport } from '../domain/quarantine/report.ts';
import { readersReport } from '../domain/readers/report.ts';
import { verify } from '../domain/verify.ts';
import { unsearchable, which } from '../domain/which.ts';
import type { InspectRuntime } from '../inspect-runtime.ts';
import type { Log } from '../log.ts';
import type {
  AssessReport,
  GuardReport,
  InventoryReport,
  QuarantinesReport,
  ReadersReport,
  VerifyReport,
  WhichReport,
} from '../payloads.ts';
import { caller, key, version } from '../request.ts';
import { worker } from '../worker.ts';

const schema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('inventory'), key: z.optional(key), caller }),
  z.strictObject({ action: z.literal('verify'), key, caller }),
  z.strictObject({
    action: z.literal('which'),
    fingerprint: z.string().check(z.regex(/^[0-9a-f]{12}$/)),
    caller,
  }),
  z.strictObject({
    action: z.literal('assess'),
    key,
    version: z.optional(version),
    // CloudTrail's event history ends after 90 days
    hours: z.optional(z.int().check(z.gte(1), z.lte(2_160))),
    caller,
  }),
  z.strictObject({ action: z.literal('readers'), key: z.optional(key), caller }),
  z.strictObject({ action: z.literal('quarantines'), caller }),
]);

const USAGE =
  'The payload is one of {"action":"inventory","key"?}, {"action":"verify","key"}, {"action":"which","fingerprint": 12 hex digits}, {"action":"assess","key","version"?: current, previous, staged or a version id,"hours"?: 1 to 2160}, {"action":"readers","key"?}, {"action":"quarantines"}, each with an optional "caller".';

type Report =
  | InventoryReport
  | VerifyReport
  | WhichReport
  | AssessReport
  | ReadersReport
  | QuarantinesReport;

/** Answers what is known of the keys; it only reads, and no value leaves it. */
export async function inspect(runtime: AssessRuntime, event: unknown, log: Log): Promise<Report> {
  const { data: request } = schema.safeParse(event);
  if (!request) throw new KeysError('EVENT_MALFORMED', USAGE);
  log.caller(`claimed:${request.caller ?? 'nobody'}`);
  log.info('Asked', { action: request.action });
  const { environment, keysCmkArn: cmkArn } = runtime.settings;
  const now = runtime.clock.now();
  const at = now.toISOString();
  const ports = { ...runtime, environment };
  if (request.action === 'verify') {
    const facts = await keyFacts(ports, secretName(environment, request.key));
    return { environment, key: request.key, at, checks: await verify(runtime, facts) };
  }
  if (request.action === 'assess') {
    const { key, version = 'current', hours = 72 } = request;
    const facts = await keyFacts(ports, secretName(environment, key));
    const question = { version, hours, now, project: runtime.settings, cmkArn };
    return assess(ports, facts, question);
  }
  if (request.action === 'readers') return readersReport(ports, { only: request.key, now });
  if (request.action === 'quarantines') return quarantinesReport(ports, now);
  if (request.action === 'which') {
    const { keys, unreadable } = await reports(runtime, { withServices: false });
    const { fingerprint } = request;
    const matches = which(fingerprint, keys);
    const gaps = [...unreadable, ...keys.flatMap(unsearchable)];
    return { environment, fingerprint, matches, unreadable: gaps };
  }
  const subscriptions = await runtime.subscriptions.list();
  const inventory = await reports(runtime, { only: request.key, withServices: true });
  const known = { ...inventory, ...(await cmkReport(runtime)) };
  return { environment, at, ...known, subscriptions, ...(await guardReport(runtime, now)) };
}

async function reports(
  runtime: InspectRuntime,
  { only, withServices }: { only?: string | undefined; withServices: boolean },
) {
  const { environment } = runtime.settings;
  const { keys, lost } = await look({ ...runtime, environment }, only);
  const now = runtime.clock.now();
  const standings = await standingsOf(runtime, withServices ? keys : [], now);
  const reported = keys.map((facts) => keyReport(facts, standings.get(facts) ?? new Map(), now));
  return { keys: reported, unreadable: lost };
}

async function guardReport(
  { guard, quarantines, answer }: AssessRuntime,
  now: Date,
): Promise<{ guard?: GuardReport }> {
  if (!guard || !quarantines || !answer) return {};
  try {
    const latest = await guard.latest();
    const seen = latest ? { latestReadAt: latest.toISOString() } : {};
    if (answer === 'observe') return { guard: { ...seen, answer } };
    const quarantined = inForce((await quarantines.all()).quarantines, now).length;
    return { guard: { ...seen, answer, quarantined } };
  } catch (error) {
    return { guard: { answer, unreadable: asKeysError(error).message } };
  }
}

async function cmkReport({ cmk }: InspectRuntime) {
  try {
    return { cmk: await cmk.describe() };
  } catch (error) {
    return { cmkUnreadable: asKeysError(error).message };
  }
}

export const handler = worker('inspect', inspect, createAssessRuntime);
