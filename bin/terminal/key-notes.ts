import type { KeyReport, VersionReport } from '../../lambda/payloads.ts';
import { consumerLines } from './consumer-lines.ts';
import type { View } from './terminal.ts';
import { relative, utcAndRelative } from './times.ts';

/** How long Amplitude has to reject a key at every check before it counts as retired. */
const REJECTED_HOURS = 6;

/** What is known of a key beyond its versions, and what a person has to do next. */
export function keyNotes(key: KeyReport, view: View): string[] {
  return [
    ...lastCheck(key, view),
    ...key.versions.flatMap((version) => awaiting(version, view)),
    ...consumerLines(key, view),
    `Next rotation: ${nextRotation(key, view)}`,
    ...key.todo.map((todo) => `${view.paint.cyan('To do:')} ${todo}`),
  ];
}

function lastCheck({ lastCheck: check }: KeyReport, { paint, now }: View): string[] {
  if (!check) return [];
  const told = {
    accepted: 'Amplitude accepted it',
    rejected: paint.red('Amplitude REJECTED it'),
    unknown: paint.yellow('Amplitude gave no clear answer'),
  }[check.verdict];
  return [`Last check of the current key: ${told} ${relative(check.at, now)}`];
}

function awaiting(version: VersionReport, { paint, now }: View): string[] {
  const { state, versionId, fingerprint, awaitingSince, rejectedSince } = version;
  if (state !== 'awaiting-revocation') return [];
  const which = fingerprint ? `key ${fingerprint}` : `version ${versionId}`;
  const since = awaitingSince ? ` since ${utcAndRelative(awaitingSince, now)}` : '';
  const rejected = rejectedSince
    ? `rejected since ${utcAndRelative(rejectedSince, now)}, retired after ${REJECTED_HOURS} hours of it`
    : 'not yet rejected by Amplitude';
  return [`${paint.yellow('Awaiting revocation:')} ${which}${since}; ${rejected}`];
}

function nextRotation({ rotationEnabled, nextRotationAt }: KeyReport, { now }: View): string {
  if (!rotationEnabled) return 'switched off';
  return nextRotationAt ? `${utcAndRelative(nextRotationAt, now)} at the latest` : 'not known yet';
}
