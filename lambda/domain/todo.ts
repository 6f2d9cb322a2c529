import type { KeyReport, VersionReport } from '../payloads.ts';
import { deployCommand } from './hand-over/services.ts';
import type { ManagedKey } from './managed-key.ts';

type Facts = Omit<KeyReport, 'todo'>;

/** What a person has to do next about one key, most urgent first. */
export function todoOf(facts: Facts, { environment, name }: ManagedKey, now: Date): string[] {
  const command = (verb: string) => `npx keyctl ${verb} --env ${environment} --key ${name}`;
  return [
    ...lockdown(facts),
    ...current(facts),
    ...pending(facts, command),
    ...staged(facts, command, now),
    ...consumers(facts),
    ...awaiting(facts),
    ...rotation(facts),
  ];
}

const withLabel = ({ versions }: Facts, label: string): VersionReport | undefined =>
  versions.find(({ labels }) => labels.includes(label));

function lockdown(facts: Facts): string[] {
  const locked = facts.lockedDown ? ['Reads are locked down by the tag amplitude-lockdown.'] : [];
  const unreadable = facts.versions.some(({ content }) => content === 'unreadable');
  if (!unreadable && facts.stagedUnreadable === undefined) return locked;
  return [...locked, 'Values can not be read: see whether the CMK of the environment is enabled.'];
}

function current(facts: Facts): string[] {
  const version = withLabel(facts, 'AWSCURRENT');
  if (!version) return ['No version is AWSCURRENT: put a value, then rotate.'];
  if (version.content === 'malformed') {
    return ['The current value is malformed: put a value of the form {"apiKey":"…"} by hand.'];
  }
  if (version.content === 'placeholder' && facts.held.length > 0) {
    return [
      'The placeholder is current again although keys were held: stage a key and rotate now.',
    ];
  }
  return [];
}

type Command = (verb: string) => string;

function pending(facts: Facts, command: Command): string[] {
  const version = withLabel(facts, 'AWSPENDING');
  if (!version || version.state === 'current') return [];
  const what = version.content === 'empty' ? 'without a value' : `with key ${version.fingerprint}`;
  return [`A rotation is under way or was left over (AWSPENDING ${what}): ${command('rotate')}`];
}

function staged(facts: Facts, command: Command, now: Date): string[] {
  if (facts.stagedUnreadable !== undefined) return [];
  if (facts.staged.length > 1) {
    return [`${facts.staged.length} keys are staged, take all but one back: ${command('unstage')}`];
  }
  const [only] = facts.staged;
  if (only?.problem) return [only.problem.message];
  const first = withLabel(facts, 'AWSCURRENT')?.content === 'placeholder';
  if (only)
    return first || isDue(facts, now) ? [`Promote the staged key: ${command('rotate')}`] : [];
  return first
    ? [`Stage the key in use today, then rotate: ${command('stage')}`]
    : [`Generate the next key at Amplitude and stage it${dueDate(facts)}: ${command('stage')}`];
}

const isDue = ({ nextRotationAt }: Facts, now: Date) =>
  nextRotationAt !== undefined && new Date(nextRotationAt) <= now;

const dueDate = ({ nextRotationAt }: Facts) =>
  nextRotationAt ? ` before ${nextRotationAt.slice(0, 10)}` : '';

/** What the sweep doesn't restart. */
function consumers({ consumers = [] }: Facts): string[] {
  const said = consumers.flatMap(({ service = '', standing, why = '' }) => {
    if (standing === 'failed')
      return [
        `ECS service ${service} does not run with the current key: ${why}. Mend it and deploy it: ${deployCommand(service)}`,
      ];
    if (standing === 'not found') return [`ECS service ${service} is not found: ${why}`];
    return [];
  });
  return [...new Set(said)];
}

function awaiting({ versions }: Facts): string[] {
  const wanted = versions.filter(
    ({ awaitingSince, rejectedSince }) => awaitingSince !== undefined && !rejectedSince,
  );
  return wanted.map(({ fingerprint, name }) => {
    const called = name ? `${fingerprint} ("${name}")` : fingerprint;
    return `Revoke key ${called} at Amplitude: Settings, Projects, your project, API Keys. It can't be undone.`;
  });
}

const SWITCHED_OFF =
  'Rotation is switched off. Switch it on with aws secretsmanager rotate-secret --no-rotate-immediately and the rotation rules; a deploy without changes puts nothing back.';

function rotation(facts: Facts): string[] {
  return facts.rotationEnabled ? [] : [SWITCHED_OFF];
}
