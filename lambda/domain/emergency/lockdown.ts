import { secretName, tag } from '../../contract.ts';
import type { Containment, EmergencyReport } from '../../payloads.ts';
import type { KeyFacts } from '../key-facts.ts';
import { note } from '../lifecycle/notes.ts';
import { managedKey } from '../managed-key.ts';
import type { AtOnce, CmkSwitch, Probe } from '../ports.ts';
import type { SecretDescription } from '../versions.ts';
import { lineOf } from './lines.ts';
import type { Occasion } from './occasion.ts';
import { type ActPorts, carryOut, planned, type Step } from './step.ts';

export interface LockdownPorts extends ActPorts {
  readonly environment: string;
  readonly probe: Probe;
  readonly cmk: CmkSwitch;
  readonly atOnce: AtOnce;
  /** Waits; KMS and policies take a moment. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export type LockdownReport = Pick<EmergencyReport, 'plan' | 'left' | 'contained'>;

/** The facts that lines of the trail need. */
export type Locked = Pick<KeyFacts, 'managed' | 'secret'>;

const TRIES = 10;
const BETWEEN_MS = 1_000;

/** Denies every read of one key but those of the functions and break-glass. */
export async function lockKey(
  ports: LockdownPorts,
  key: string,
  dryRun: boolean,
  occasion: Occasion,
): Promise<LockdownReport> {
  const locked = await describe(ports, key);
  const target = targetOf(ports, locked);
  const steps = [lockStep(locked, occasion)];
  const plan = dryRun ? planned(steps) : await carryOut(ports, target, steps);
  const contained = dryRun ? undefined : await prove(ports, [locked.secret]);
  return {
    plan,
    ...(contained ? { contained } : {}),
    left: [...cannotStart([locked]), unlockCommand(ports.environment, `--key ${key}`)],
  };
}

/** Turns the keys' CMK off: nothing of the environment can be read, staged keys included. */
export async function lockEnvironment(
  ports: LockdownPorts,
  dryRun: boolean,
  occasion: Occasion,
): Promise<LockdownReport> {
  const { environment } = ports;
  const all = await describeAll(ports);
  const lines = all.map((locked) => lineFor(locked, 'locked-down', occasion));
  const disable = "Disable the keys' CMK: reads, rotations and staging fail from now on";
  const steps: Step[] = [{ what: 'Write it down', acts: [{ do: 'record', transitions: lines }] }];
  if (dryRun) {
    return { plan: planned([{ what: disable, acts: [] }, ...steps]), left: cannotStart(all) };
  }
  await ports.cmk.disable();
  const at = ports.clock.now().toISOString();
  const contained = await prove(
    ports,
    all.map(({ secret }) => secret),
  );
  const [first] = all;
  const rest = first ? await carryOut(ports, targetOf(ports, first), steps) : [];
  return {
    plan: [{ what: disable, doneAt: at }, ...rest],
    contained,
    left: [...cannotStart(all), unlockCommand(environment, '--scope environment')],
  };
}

export function lockStep(locked: Locked, { now, ...occasion }: Occasion): Step {
  const line = lineFor(locked, 'locked-down', { now, ...occasion });
  return {
    what: `Deny all reads of ${locked.secret.name} but those of the functions and break-glass`,
    acts: [
      { do: 'remember', tag: tag.lockdown, value: 'on' },
      { do: 'remember', tag: note.lockdown, value: now.toISOString() },
      { do: 'record', transitions: [line] },
    ],
  };
}

export function lineFor(
  { managed, secret }: Locked,
  word: 'locked-down' | 'unlocked',
  occasion: Occasion,
) {
  const current = [...secret.versions].find(([, labels]) => labels.includes('AWSCURRENT'))?.[0];
  return lineOf({ managed }, word, current ?? '', undefined, occasion);
}

export async function describe(ports: LockdownPorts, key: string): Promise<Locked> {
  const secret = await ports.secrets.describe(secretName(ports.environment, key));
  return { secret, managed: managedKey(secret, ports.environment) };
}

/** All that can be described; the others are the sweep's to report. */
export async function describeAll(ports: LockdownPorts): Promise<Locked[]> {
  const names = await ports.secrets.list(ports.environment);
  const limit = ports.atOnce(8);
  const found = names.map((name) =>
    limit(async () => {
      try {
        const secret = await ports.secrets.describe(name);
        return secret.deletedAt ? [] : [{ secret, managed: managedKey(secret, ports.environment) }];
      } catch {
        return [];
      }
    }),
  );
  return (await Promise.all(found)).flat();
}

export const targetOf = ({ environment }: LockdownPorts, { managed, secret }: Locked) => ({
  arn: secret.arn,
  environment,
  key: managed.name,
});

/** Contained is what was seen: a reader that isn't exempt is refused. */
async function prove(
  ports: LockdownPorts,
  secrets: readonly SecretDescription[],
): Promise<Containment> {
  const [secret] = secrets;
  if (!secret) return { contained: false, proof: 'There is no secret to try a read on.' };
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await ports.sleep(BETWEEN_MS);
    if (await ports.probe.isRefused(secret.arn)) {
      const at = ports.clock.now().toISOString();
      return {
        contained: true,
        proof: `At ${at} a read of ${secret.name} by a role that is not exempt was refused.`,
      };
    }
  }
  return {
    contained: false,
    proof: `A read of ${secret.name} by a role that is not exempt still succeeds after ${TRIES} tries: the lockdown does not hold.`,
  };
}

function cannotStart(all: readonly Locked[]): string[] {
  const named = all.map(({ managed }) => `${managed.environment}/${managed.name}`).join(', ');
  return [
    `What reads ${named} when it starts can't start any more: tasks, pods, functions, builds. What runs goes on with the value it has.`,
  ];
}

const unlockCommand = (environment: string, which: string) =>
  `Once it is over: npx keyctl unlock --env ${environment} ${which} --reason "…"`;
