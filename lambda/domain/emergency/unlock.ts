import { tag } from '../../contract.ts';
import type { PlanStep } from '../../payloads.ts';
import { KeysError, reasonOf } from '../errors.ts';
import { isCompromised, isReaders } from '../labels.ts';
import { note } from '../lifecycle/notes.ts';
import {
  describe,
  describeAll,
  type LockdownPorts,
  type LockdownReport,
  type Locked,
  lineFor,
  lockStep,
  record,
  targetOf,
} from './lockdown.ts';
import type { Occasion } from './occasion.ts';
import { type RevokePorts, revoke } from './revoke.ts';
import { carryOut, planned, type Step } from './step.ts';

/** Keys that are locked or replaced at a time: each takes several calls. */
const KEYS_AT_ONCE = 4;

/** @throws KeysError STILL_COMPROMISED: releasing it would hand the leaked key out again */
export async function unlockKey(
  ports: LockdownPorts,
  key: string,
  dryRun: boolean,
  occasion: Occasion,
): Promise<LockdownReport> {
  const locked = await describe(ports, key);
  requireOutOfReach(locked);
  const steps = [releaseStep(locked, occasion)];
  const plan = dryRun ? planned(steps) : await carryOut(ports, targetOf(locked), steps);
  return { plan, left: [] };
}

/**
 * Enabling the CMK makes all readable at once, so whatever is compromised is locked by its tag
 * before, replaced after, and only then released.
 * @throws KeysError when a secret can't be described: it may be compromised, so nothing is changed
 */
export async function unlockEnvironment(
  ports: LockdownPorts & RevokePorts,
  dryRun: boolean,
  occasion: Occasion,
): Promise<LockdownReport> {
  const all = await describeAll(ports);
  const leaked = all.filter((locked) => leaksIn(locked).length > 0);
  const what = "Enable the keys' CMK";
  if (dryRun) {
    const locks = leaked.map((locked) => lockStep(locked, occasion));
    return { plan: planned([...locks, { what, acts: [] }]), left: leaked.map(stillLeaked) };
  }
  const limit = ports.atOnce(KEYS_AT_ONCE);
  const lock = (locked: Locked) => carryOut(ports, targetOf(locked), [lockStep(locked, occasion)]);
  const locks = (await Promise.all(leaked.map((locked) => limit(() => lock(locked))))).flat();
  if (locks.some(hasFailed)) return { plan: locks, left: ['Nothing was enabled: run it again.'] };
  await ports.cmk.enable();
  const enabled = { what, doneAt: ports.clock.now().toISOString() };
  const replaced = await Promise.all(
    leaked.map((locked) => limit(() => replace(ports, locked, occasion))),
  );
  const failed = leaked.filter((_, at) => replaced[at]?.some(hasFailed));
  const others = all.filter((locked) => !leaked.includes(locked));
  const readable = others.filter((locked) => !isLockedByTag(locked));
  const written = await record(ports, readable, 'unlocked', occasion);
  return {
    plan: [...locks, enabled, ...replaced.flat(), ...written],
    left: [
      ...(await Promise.all(failed.map((locked) => limit(() => standingOf(ports, locked))))),
      ...others.filter(isLockedByTag).map(stillLocked),
    ],
  };
}

/** Looked at again: it may have been replaced, and only its release failed. */
async function standingOf(ports: LockdownPorts, before: Locked): Promise<string> {
  const locked = await describe(ports, before.name).catch(() => before);
  return leaksIn(locked).length > 0 ? stillLeaked(locked) : stillLocked(locked);
}

const isLockedByTag = ({ secret }: Locked) => secret.tags.get(tag.lockdown) === 'on';

const stillLocked = ({ environment, name }: Locked) =>
  `Reads of ${environment}/${name} are still denied, by its own lockdown: npx keyctl unlock --env ${environment} --key ${name} --reason "…"`;

/** Replaced by its standby key, and released if that worked. */
async function replace(
  ports: LockdownPorts & RevokePorts,
  locked: Locked,
  occasion: Occasion,
): Promise<PlanStep[]> {
  const done: PlanStep[] = [];
  try {
    for (const version of leaksIn(locked)) {
      const request = { key: locked.name, version, dryRun: false };
      const { plan } = await revoke(ports, request, occasion);
      done.push(...plan);
      if (plan.some(hasFailed)) return done;
    }
    requireOutOfReach(await describe(ports, locked.name));
    const steps = [releaseStep(locked, occasion)];
    return [...done, ...(await carryOut(ports, targetOf(locked), steps))];
  } catch (error) {
    const what = `Replace the compromised key of ${locked.secret.name}`;
    return [...done, { what, failed: reasonOf(error) }];
  }
}

const hasFailed = ({ failed }: PlanStep) => failed !== undefined;

function releaseStep(locked: Locked, occasion: Occasion): Step {
  return {
    what: `Allow reads of ${locked.secret.name} again`,
    acts: [
      { do: 'forget', tag: note.lockdown },
      { do: 'forget', tag: tag.lockdown },
      { do: 'record', transitions: [lineFor(locked, 'unlocked', occasion)] },
    ],
  };
}

/** Versions that are compromised and that a reader finds by a label that leads to a key in use. */
function leaksIn({ secret }: Locked): string[] {
  return [...secret.versions]
    .filter(([, labels]) => labels.some(isCompromised) && labels.some(isRead))
    .map(([versionId]) => versionId);
}

const isRead = (label: string) => label === 'AWSCURRENT' || isReaders(label);

/** @throws KeysError STILL_COMPROMISED */
function requireOutOfReach(locked: Locked): void {
  const { environment, name } = locked;
  const leaks = leaksIn(locked);
  if (leaks.length === 0) return;
  throw new KeysError(
    'STILL_COMPROMISED',
    `Key ${environment}/${name} has a compromised version within its readers' reach (${leaks.join(', ')}), so its lockdown stays. Take it out of reach first: ${revokeCommands(locked)}`,
    { environment, key: name },
  );
}

const stillLeaked = (locked: Locked) =>
  `A version of ${locked.environment}/${locked.name} within its readers' reach is compromised: stage a key if it is the current one, then ${revokeCommands(locked)}; then npx keyctl unlock --env ${locked.environment} --key ${locked.name} --reason "…"`;

const revokeCommands = (locked: Locked) =>
  leaksIn(locked)
    .map(
      (version) =>
        `npx keyctl revoke --env ${locked.environment} --key ${locked.name} --version ${version} --reason "…"`,
    )
    .join('; ');
