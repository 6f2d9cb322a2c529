import * as z from 'zod/mini';
import { secretName } from '../contract.ts';
import { type LockdownReport, lockEnvironment, lockKey } from '../domain/emergency/lockdown.ts';
import type { Occasion } from '../domain/emergency/occasion.ts';
import { releaseReader } from '../domain/emergency/release.ts';
import { revoke } from '../domain/emergency/revoke.ts';
import { rollback } from '../domain/emergency/rollback.ts';
import { unlockEnvironment, unlockKey } from '../domain/emergency/unlock.ts';
import { KeysError } from '../domain/errors.ts';
import type { KeyDocument } from '../domain/key-document.ts';
import type { Journal } from '../domain/ports.ts';
import { truthOf } from '../domain/truth.ts';
import { createEmergencyRuntime, type EmergencyRuntime } from '../emergency-runtime.ts';
import { journalOf } from '../journal.ts';
import type { Log } from '../log.ts';
import type { EmergencyReport, EmergencyRequest, ReleaseReport } from '../payloads.ts';
import { caller, key, version, withoutKey } from '../request.ts';
import { worker } from '../worker.ts';

const reason = withoutKey(/^[^\r\n]{1,200}$/);
const shared = {
  reason,
  dryRun: z.optional(z.boolean()),
  caller,
};
const ofKey = { ...shared, key, version: z.optional(version) };
const schema = z.union([
  z.strictObject({ action: z.literal('revoke'), ...ofKey }),
  z.strictObject({ action: z.literal('rollback'), ...ofKey }),
  z.strictObject({
    action: z.enum(['lockdown', 'unlock']),
    scope: z.literal('key'),
    key,
    ...shared,
  }),
  z.strictObject({
    action: z.enum(['lockdown', 'unlock']),
    scope: z.literal('environment'),
    ...shared,
  }),
  z.strictObject({
    action: z.literal('release'),
    quarantine: z.string().check(z.regex(/^[0-9a-f]{8}$/)),
    reason,
    caller,
  }),
]);

const USAGE =
  'The payload is one of {"action":"revoke","key","version"?}, {"action":"rollback","key","version"?}, {"action":"lockdown" or "unlock","scope":"key","key"}, {"action":"lockdown" or "unlock","scope":"environment"}, {"action":"release","quarantine": 8 hex digits}, each with "reason" (one line of up to 200 characters, no key in it) and optionally "caller" and, but of release, "dryRun"; version is current, previous, staged or a version id. Nothing was done.';

/** What one is called in the night for: revoke, rollback, lockdown, unlock, release. */
export async function emergency(
  runtime: EmergencyRuntime,
  event: unknown,
  log: Log,
): Promise<EmergencyReport | ReleaseReport> {
  const { data: request } = schema.safeParse(event);
  if (!request) throw new KeysError('EVENT_MALFORMED', USAGE);
  const { clock, settings } = runtime;
  const now = clock.now();
  const { action, reason, caller = 'nobody' } = request;
  log.caller(`claimed:${caller}`);
  log.info('Emergency', { action, reason, ...('key' in request ? { key: request.key } : {}) });
  const occasion: Occasion = { now, reason, caller, project: settings };
  const { environment } = settings;
  if (request.action === 'release') {
    return releaseReader({ ...runtime, environment }, request.quarantine, occasion);
  }
  const { dryRun = false } = request;
  const journal = journalOf(log, environment);
  const report = await act({ ...runtime, journal }, request as EmergencyRequest, occasion);
  for (const { what, doneAt, failed } of report.plan) {
    log.info(what, { action, state: failed ? 'failed' : doneAt ? 'done' : 'planned' });
  }
  return {
    ...report,
    environment,
    dryRun,
    reason,
    at: now.toISOString(),
    tookMs: clock.now().getTime() - now.getTime(),
  };
}

type Report = Omit<EmergencyReport, 'tookMs' | 'at' | 'environment' | 'reason' | 'dryRun'>;

async function act(
  runtime: EmergencyRuntime & { readonly journal: Journal },
  request: EmergencyRequest,
  occasion: Occasion,
): Promise<Report> {
  const ports = { ...runtime, environment: runtime.settings.environment };
  const { dryRun = false } = request;
  if (request.action === 'revoke') return revoke(ports, { ...request, dryRun }, occasion);
  if (request.action === 'rollback') return rollback(ports, { ...request, dryRun }, occasion);
  const locking = request.action === 'lockdown';
  const { action, scope } = request;
  const about = (report: LockdownReport, document?: KeyDocument): Report => ({
    truth: truthOf(occasion.project, document, undefined),
    action,
    scope,
    ...report,
  });
  if (request.scope === 'key') {
    const { key } = request;
    const work = locking ? lockKey : unlockKey;
    const report = await work(ports, key, dryRun, occasion);
    return { ...about(report, await currentKey(ports, key)), key };
  }
  const work = locking ? lockEnvironment : unlockEnvironment;
  return about(await work(ports, dryRun, occasion));
}

/** For the truth's link and name only; without it the truth is said in general. */
async function currentKey(
  { secrets, environment }: Pick<EmergencyRuntime, 'secrets'> & { environment: string },
  key: string,
): Promise<KeyDocument | undefined> {
  const reading = await secrets.readCurrent(secretName(environment, key)).catch(() => undefined);
  return reading?.content === 'key' ? reading.document : undefined;
}

export const handler = worker('emergency', emergency, createEmergencyRuntime);
