import { secretName } from '../../contract.ts';
import type { ReleaseReport } from '../../payloads.ts';
import { asKeysError, KeysError, reasonOf } from '../errors.ts';
import type { Notice, Notifier, Secrets, Trail } from '../ports.ts';
import { type ApplyPorts, applyEverywhere, type Denying } from '../quarantine/apply.ts';
import { type Released, release } from '../quarantine/change.ts';
import type { Quarantines } from '../quarantine/ports.ts';
import { reportOf } from '../quarantine/quarantine.ts';
import { wordsTold } from '../quarantine/tags.ts';
import type { Occasion } from './occasion.ts';

export interface ReleasePorts extends Omit<ApplyPorts, 'quarantines'> {
  readonly secrets: Pick<Secrets, 'list'>;
  readonly trail: Trail;
  readonly notifier: Notifier;
  /** Absent without an access guard. */
  readonly quarantines?: Quarantines;
  /** Whether the access guard quarantines; where it only observes, the sweep takes all tags off. */
  readonly denies: boolean;
}

/**
 * Ends a quarantine before its time: what is desired first, so that nothing puts its tags back.
 * Whatever else fails is told, and done by the same call again.
 * @throws KeysError QUARANTINE_NOT_FOUND, QUARANTINES_BUSY
 */
export async function releaseReader(
  { quarantines, ...ports }: ReleasePorts,
  id: string,
  occasion: Occasion,
): Promise<ReleaseReport> {
  const { environment } = ports;
  if (!quarantines) throw unguarded(environment, id);
  const done = await release({ environment, quarantines }, id, occasion.now);
  const { quarantine, stillDeniedBy } = done;
  const untold: string[] = [];
  const attempt = (work: Promise<void>) => work.catch((error) => void untold.push(reasonOf(error)));
  const secrets = await secretsOf(ports).catch(asKeysError);
  const left = await untag({ ...ports, quarantines }, secrets, quarantine.slot);
  if (secrets instanceof KeysError) untold.push(reasonOf(secrets));
  else await attempt(ports.trail.record(linesFor(environment, secrets, done, occasion)));
  await attempt(ports.notifier.notify(noticeOf(environment, done, left, occasion)));
  return {
    environment,
    at: occasion.now.toISOString(),
    reason: occasion.reason,
    released: reportOf(quarantine),
    left,
    ...(stillDeniedBy.length > 0 ? { stillDeniedBy } : {}),
    ...(untold.length > 0 ? { untold } : {}),
  };
}

async function secretsOf({ secrets, environment }: Omit<ReleasePorts, 'quarantines'>) {
  const prefix = secretName(environment, '').length;
  const names = await secrets.list(environment);
  return names.map((secretId): Denying => ({ key: secretId.slice(prefix), secretId }));
}

async function untag(
  { denies, ...ports }: Required<ReleasePorts>,
  secrets: readonly Denying[] | KeysError,
  slot: number,
): Promise<string[]> {
  if (!denies) return [];
  if (secrets instanceof KeysError) return [`all keys: ${reasonOf(secrets)}`];
  const failures = await applyEverywhere(ports, secrets, [slot]);
  return [...failures].map(([key, error]) => `${key}: ${reasonOf(error)}`).sort();
}

/** It was denied every key. */
function linesFor(
  environment: string,
  secrets: readonly Denying[],
  { quarantine }: Released,
  { now, reason, caller }: Occasion,
) {
  const detail = `quarantine ${quarantine.id} of ${targetOf(quarantine)}: ${reason} (claimed by ${caller})`;
  return secrets.map(({ key }) => ({
    at: now.toISOString(),
    environment,
    key,
    transition: 'released' as const,
    by: 'emergency' as const,
    detail,
  }));
}

const targetOf = ({ denied }: Released['quarantine']) => wordsTold(denied).join(' and ');

function noticeOf(
  environment: string,
  { quarantine, stillDeniedBy }: Released,
  left: readonly string[],
  { reason, caller }: Occasion,
): Notice {
  const { id, until } = quarantine;
  return {
    subject: `Amplitude environment ${environment}: quarantine ${id} was released`,
    parts: [
      {
        happened: [
          `Quarantine ${id} (${targetOf(quarantine)}) was ended before its time, ${until}: ${reason} (claimed by ${caller}).`,
          ...stillDeniedBy.map((other) => `Some of it is still denied, by quarantine ${other}.`),
          ...left.map((one) => `Not yet, which the hourly sweep sees to: ${one}`),
        ],
        todo: 'If nobody of yours released it, treat it as an incident.',
      },
    ],
  };
}

const unguarded = (environment: string, id: string) =>
  new KeysError(
    'QUARANTINE_NOT_FOUND',
    `There is no quarantine ${id}: environment ${environment} has no access guard (accessGuard in the configuration), so nobody is quarantined. Nothing was changed.`,
    { environment },
  );
