import { tag } from '../../contract.ts';
import { KeysError } from '../errors.ts';
import { isCompromised } from '../labels.ts';
import { note } from '../lifecycle/notes.ts';
import {
  describe,
  describeAll,
  type LockdownPorts,
  type LockdownReport,
  type Locked,
  lineFor,
  lockStep,
  targetOf,
} from './lockdown.ts';
import type { Occasion } from './occasion.ts';
import { type RevokePorts, revoke } from './revoke.ts';
import { carryOut, planned, type Step } from './step.ts';

/** @throws KeysError STILL_COMPROMISED: releasing it would hand the leaked key out again */
export async function unlockKey(
  ports: LockdownPorts,
  key: string,
  dryRun: boolean,
  occasion: Occasion,
): Promise<LockdownReport> {
  const locked = await describe(ports, key);
  const { environment } = ports;
  if (isCurrentCompromised(locked)) {
    throw new KeysError(
      'STILL_COMPROMISED',
      `The current key of ${environment}/${key} is compromised, so its lockdown stays. Replace it first: npx keyctl revoke --env ${environment} --key ${key} --reason "…"`,
      { environment, key },
    );
  }
  const steps = [releaseStep(locked, occasion)];
  const plan = dryRun ? planned(steps) : await carryOut(ports, targetOf(ports, locked), steps);
  return { plan, left: [] };
}

/**
 * Enabling the CMK makes all readable at once, so whatever is compromised is locked by its tag
 * before, replaced after, and only then released.
 */
export async function unlockEnvironment(
  ports: LockdownPorts & RevokePorts,
  dryRun: boolean,
  occasion: Occasion,
): Promise<LockdownReport> {
  const all = await describeAll(ports);
  const leaked = all.filter(isCurrentCompromised);
  const enable: Step = { what: "Enable the keys' CMK", acts: [] };
  if (dryRun) {
    const locks = leaked.map((locked) => lockStep(locked, occasion));
    return { plan: planned([...locks, enable]), left: leaked.map(stillLeaked) };
  }
  const locks = await Promise.all(
    leaked.map((locked) => carryOut(ports, targetOf(ports, locked), [lockStep(locked, occasion)])),
  );
  const unlocked = locks.flat().find(({ failed }) => failed !== undefined);
  if (unlocked) return { plan: locks.flat(), left: ['Nothing was enabled: run it again.'] };
  await ports.cmk.enable();
  const enabled = { ...enable, doneAt: ports.clock.now().toISOString() };
  const replaced = await Promise.all(leaked.map((locked) => replace(ports, locked, occasion)));
  const clean = all.filter((locked) => !leaked.includes(locked));
  const lines = clean.map((locked) => lineFor(locked, 'unlocked', occasion));
  await ports.trail.record(lines);
  return {
    plan: [...locks.flat(), { what: enabled.what, doneAt: enabled.doneAt }, ...replaced.flat()],
    left: leaked.filter((_, at) => replaced[at]?.some(({ failed }) => failed)).map(stillLeaked),
  };
}

/** Replaced by its standby key, and released if that worked. */
async function replace(ports: LockdownPorts & RevokePorts, locked: Locked, occasion: Occasion) {
  const { name } = locked.managed;
  const what = `Replace the compromised key of ${locked.secret.name}`;
  try {
    const { plan } = await revoke(ports, { key: name, dryRun: false }, occasion);
    if (plan.some(({ failed }) => failed !== undefined)) return plan;
    const steps = [releaseStep(locked, occasion)];
    return [...plan, ...(await carryOut(ports, targetOf(ports, locked), steps))];
  } catch (error) {
    if (!(error instanceof KeysError)) throw error;
    return [{ what, failed: `${error.message} (${error.code})` }];
  }
}

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

const isCurrentCompromised = ({ secret }: Locked) =>
  [...secret.versions.values()].some(
    (labels) => labels.includes('AWSCURRENT') && labels.some(isCompromised),
  );

const stillLeaked = ({ managed: { environment, name } }: Locked) =>
  `The current key of ${environment}/${name} is compromised: stage a key, then npx keyctl revoke --env ${environment} --key ${name} --reason "…"`;
