import { secretName, tag } from '../../contract.ts';
import type { EmergencyReport, PlanStep } from '../../payloads.ts';
import { reasonOf } from '../errors.ts';
import { note } from '../lifecycle/notes.ts';
import { managedKey } from '../managed-key.ts';
import type { AtOnce, CmkSwitch } from '../ports.ts';
import type { Transition } from '../transition.ts';
import { type SecretDescription, versionWith } from '../versions.ts';
import { type ProofPorts, prove, proveByCmk } from './containment.ts';
import type { Occasion } from './occasion.ts';
import { type ActPorts, carryOut, planned, type Step } from './step.ts';

export interface LockdownPorts extends ActPorts, ProofPorts {
  readonly environment: string;
  readonly cmk: CmkSwitch;
  readonly atOnce: AtOnce;
}

export type LockdownReport = Pick<EmergencyReport, 'plan' | 'left' | 'contained'>;

/** A secret by its name alone: one whose other tags are broken has to be locked too. */
export interface Locked {
  readonly environment: string;
  readonly name: string;
  readonly secret: SecretDescription;
}

/** Denies every read of one key but those of the functions and break-glass. */
export async function lockKey(
  ports: LockdownPorts,
  key: string,
  dryRun: boolean,
  occasion: Occasion,
): Promise<LockdownReport> {
  const locked = await describe(ports, key);
  const steps = [lockStep(locked, occasion)];
  const left = [...cannotStart([locked]), unlockCommand(ports.environment, `--key ${key}`)];
  if (dryRun) return { plan: planned(steps), left };
  const plan = await carryOut(ports, targetOf(locked), steps);
  return { plan, contained: await prove(ports, locked.secret, ['policy', 'cmk']), left };
}

/** Turns the keys' CMK off: nothing of the environment can be read, staged keys included. */
export async function lockEnvironment(
  ports: LockdownPorts,
  dryRun: boolean,
  occasion: Occasion,
): Promise<LockdownReport> {
  const what = "Disable the keys' CMK: reads, rotations and staging fail from now on";
  if (dryRun) {
    const all = await describeWhatCan(ports);
    const steps = [{ what, acts: [] }, writeDown(all, 'locked-down', occasion)];
    return { plan: planned(steps), left: cannotStart(all) };
  }
  await ports.cmk.disable();
  const disabled = { what, doneAt: ports.clock.now().toISOString() };
  const { plan, contained, all } = await afterwards(ports, occasion);
  const unlock = unlockCommand(ports.environment, '--scope environment');
  return { plan: [disabled, ...plan], contained, left: [...cannotStart(all), unlock] };
}

/** What comes once the CMK is off; nothing that fails here may lose the report of that. */
async function afterwards(ports: LockdownPorts, occasion: Occasion) {
  try {
    const all = await describeWhatCan(ports);
    const contained = await proveByCmk(
      ports,
      all.map(({ secret }) => secret),
    );
    return { all, contained, plan: await record(ports, all, 'locked-down', occasion) };
  } catch (error) {
    const failed = reasonOf(error);
    const proof = `No secret could be tried: ${failed}`;
    const plan: PlanStep[] = [{ what: 'List the secrets of the environment', failed }];
    return { all: [], contained: { contained: false, proof }, plan };
  }
}

export function lockStep(locked: Locked, occasion: Occasion): Step {
  return {
    what: `Deny all reads of ${locked.secret.name} but those of the functions and break-glass`,
    acts: [
      { do: 'remember', tag: tag.lockdown, value: 'on' },
      { do: 'remember', tag: note.lockdown, value: occasion.now.toISOString() },
      { do: 'record', transitions: [lineFor(locked, 'locked-down', occasion)] },
    ],
  };
}

/** A line of the audit trail for each; that it fails is told as a step. */
export async function record(
  ports: LockdownPorts,
  all: readonly Locked[],
  word: Word,
  occasion: Occasion,
): Promise<PlanStep[]> {
  const [first] = all;
  return first ? carryOut(ports, targetOf(first), [writeDown(all, word, occasion)]) : [];
}

type Word = 'locked-down' | 'unlocked';

function writeDown(all: readonly Locked[], word: Word, occasion: Occasion): Step {
  const transitions = all.map((locked) => lineFor(locked, word, occasion));
  return { what: 'Write it down', acts: [{ do: 'record', transitions }] };
}

export function lineFor(
  { environment, name, secret }: Locked,
  transition: Word,
  { now, reason, caller }: Occasion,
): Transition {
  return {
    at: now.toISOString(),
    environment,
    key: name,
    transition,
    by: 'emergency',
    versionId: versionWith(secret, 'AWSCURRENT') ?? '',
    detail: `${reason} (claimed by ${caller})`,
  };
}

export async function describe(ports: LockdownPorts, key: string): Promise<Locked> {
  const { environment } = ports;
  return lockedOf(await ports.secrets.describe(secretName(environment, key)), environment);
}

function lockedOf(secret: SecretDescription, environment: string): Locked {
  return { environment, name: secret.name.slice(secretName(environment, '').length), secret };
}

/** @throws KeysError the first failure: one that isn't known may be the one that leaked */
export async function describeAll(ports: LockdownPorts): Promise<Locked[]> {
  const found = await describeListed(ports);
  const failure = found.find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
  return undeleted(ports, found);
}

/** All that can be described; the others are the sweep's to report. */
const describeWhatCan = async (ports: LockdownPorts) =>
  undeleted(ports, await describeListed(ports));

async function describeListed(ports: LockdownPorts) {
  const names = await ports.secrets.list(ports.environment);
  const limit = ports.atOnce(8);
  return Promise.allSettled(names.map((name) => limit(() => ports.secrets.describe(name))));
}

function undeleted(
  { environment }: LockdownPorts,
  found: readonly PromiseSettledResult<SecretDescription>[],
): Locked[] {
  return found
    .flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    .filter(({ deletedAt }) => !deletedAt)
    .map((secret) => lockedOf(secret, environment));
}

export const targetOf = ({ environment, name, secret }: Locked) => ({
  arn: secret.arn,
  environment,
  key: name,
});

function cannotStart(all: readonly Locked[]): string[] {
  const named = all.map(({ environment, name }) => `${environment}/${name}`).join(', ');
  const consumers = [...new Set(all.flatMap(consumersOf))].join(', ');
  const known = consumers ? ` Known consumers: ${consumers}.` : '';
  return [
    `What reads ${named || 'the keys'} when it starts can't start any more: tasks, pods, functions, builds. What runs goes on with the value it has.${known}`,
  ];
}

function consumersOf({ secret, environment }: Locked): readonly string[] {
  try {
    return managedKey(secret, environment).consumers.map(({ principal }) => principal);
  } catch {
    return [];
  }
}

const unlockCommand = (environment: string, which: string) =>
  `Once it is over: npx keyctl unlock --env ${environment} ${which} --reason "…"`;
