import { tag } from '../../contract.ts';
import { KeysError } from '../errors.ts';
import { awaitedSince, DAY, dueAt } from '../key-state.ts';
import { isAwaitingRevocation, isCompromised, isRetained, MAX_LABELS } from '../labels.ts';
import type { Finding } from './finding.ts';
import { note } from './notes.ts';
import { command, keyOf } from './notices.ts';
import { type Sighting, standbyOf } from './sighting.ts';

/** A key that wasn't rotated so many days after it was due is overdue. */
const OVERDUE_AFTER_DAYS = 3;
/** A rotation adds up to three labels. */
const FREE_LABELS = 3;

export function schedule(sighting: Sighting): Finding | undefined {
  const { secret, managed } = sighting.facts;
  const days = /^rate\((\d+) days?\)$/.exec(secret.schedule ?? '')?.[1];
  if (secret.rotationEnabled && Number(days) === managed.rotateEveryDays) return undefined;
  const found = secret.rotationEnabled ? (secret.schedule ?? 'missing') : 'switched off';
  return {
    code: 'rotation-schedule-differs',
    about: secret.rotationEnabled ? 'rate' : 'off',
    happened: `The rotation schedule of ${keyOf(sighting)} is ${found}, not every ${managed.rotateEveryDays} days.`,
    todo: `Set it with aws secretsmanager rotate-secret --secret-id ${secret.name} --no-rotate-immediately and the rotation rules; a deploy without changes puts nothing back.`,
  };
}

export function overdue(sighting: Sighting): Finding | undefined {
  const due = dueAt(sighting.facts);
  const late = due ? (sighting.now.getTime() - due.getTime()) / DAY : 0;
  if (!due || late < OVERDUE_AFTER_DAYS || !standbyOf(sighting)) return undefined;
  return {
    code: 'rotation-overdue',
    about: due.toISOString(),
    happened: `${keyOf(sighting)} was due on ${due.toISOString().slice(0, 10)} and isn't rotated, although a key is staged: its rotation fails.`,
    todo: `Rotate by hand and see why: ${command(sighting, 'rotate')}`,
    againAfterDays: 1,
  };
}

/** A key that the configuration names and nobody ever handed in. */
export function neverPromoted(sighting: Sighting): Finding | undefined {
  const since = awaitedSince(sighting.facts);
  const days = since ? (sighting.now.getTime() - since.getTime()) / DAY : 0;
  const { rotateEveryDays } = sighting.facts.managed;
  if (!since || days < rotateEveryDays + OVERDUE_AFTER_DAYS) return undefined;
  return {
    code: 'never-rotated',
    about: since.toISOString(),
    happened: `${keyOf(sighting)} holds a placeholder since ${since.toISOString().slice(0, 10)}: no key was ever promoted.`,
    todo: `Stage the key in use and rotate (${command(sighting, 'stage')}), or take it out of the configuration.`,
  };
}

export function labelLimit(sighting: Sighting): Finding | undefined {
  const count = sighting.facts.versions.flatMap(({ labels }) => labels).length;
  if (count + FREE_LABELS <= MAX_LABELS) return undefined;
  return {
    code: 'labels-near-limit',
    about: 'labels',
    happened: `The secret of ${keyOf(sighting)} has ${count} staging labels of ${MAX_LABELS}; the next rotation needs ${FREE_LABELS}.`,
    todo: 'Revoke the keys that await it at Amplitude, or take foreign labels off.',
  };
}

const OURS = [isRetained, isAwaitingRevocation, isCompromised];

export function foreignLabels(sighting: Sighting): Finding | undefined {
  const labels = sighting.facts.versions.flatMap((version) => version.labels);
  const foreign = labels.filter(
    (label) => !label.startsWith('AWS') && !OURS.some((isOurs) => isOurs(label)),
  );
  if (foreign.length === 0) return undefined;
  return {
    code: 'foreign-labels',
    about: String(foreign.length),
    happened: `Labels of ${keyOf(sighting)} are not ours, or state a date that can't be: ${foreign.sort().join(', ')}. They are left alone.`,
    todo: 'Take them off once you know what they are for: aws secretsmanager update-secret-version-stage',
    againAfterDays: 30,
  };
}

/** Under a former CMK, say: nobody can ask Amplitude about it, so it isn't retired either. */
export function unreadableVersions(sighting: Sighting): Finding | undefined {
  const { versions } = sighting.facts;
  const lost = versions.filter(({ reading }) => reading instanceof KeysError);
  const [first] = lost;
  if (!first || !(first.reading instanceof KeysError)) return undefined;
  const ids = lost.map(({ versionId }) => versionId).sort();
  return {
    code: 'version-unreadable',
    about: String(ids.length),
    happened: `Versions of ${keyOf(sighting)} can't be read, so their keys are not retired: ${ids.join(', ')}. ${first.reading.message}`,
    todo: 'Let the functions use the CMK that they are encrypted under, or revoke those keys by hand and take the labels off.',
  };
}

export function lockdown(sighting: Sighting): Finding | undefined {
  const { tags } = sighting.facts.secret;
  const declared = tags.get(note.lockdown);
  if (tags.get(tag.lockdown) !== 'on') {
    if (declared === undefined) return undefined;
    return {
      code: 'lockdown-lost',
      about: declared,
      happened: `The lockdown of ${keyOf(sighting)}, declared at ${declared}, had lost its tag ${tag.lockdown}: it is put back now.`,
      todo: 'Find out in CloudTrail who took it off (UntagResource), and treat it as part of the incident.',
    };
  }
  return {
    code: 'locked-down',
    about: 'on',
    happened: `Reads of ${keyOf(sighting)} are locked down by the tag ${tag.lockdown}; nothing is healed and no service is restarted meanwhile.`,
    todo: 'Once the incident is over, lift it.',
  };
}
