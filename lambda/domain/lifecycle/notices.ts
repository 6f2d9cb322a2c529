import type { KeyDocument } from '../key-document.ts';
import type { VersionFacts } from '../key-facts.ts';
import { parseCompromised } from '../labels.ts';
import { explain, type Verdict } from '../verdict.ts';
import type { KeyNotice } from './action.ts';
import { readersOf } from './readers.ts';
import type { Project, Sighting } from './sighting.ts';

export const keyOf = ({ facts: { managed } }: Pick<Sighting, 'facts'>) =>
  `${managed.environment}/${managed.name}`;

export const command = ({ facts: { managed } }: Pick<Sighting, 'facts'>, verb: string) =>
  `npx keyctl ${verb} --env ${managed.environment} --key ${managed.name}`;

export const called = ({ value, name }: Pick<KeyDocument, 'value' | 'name'>) =>
  name ? `${value.fingerprint} ("${name}")` : value.fingerprint;

const HOST = { US: 'app.amplitude.com', EU: 'app.eu.amplitude.com' } as const;

const linkTo = ({ organization, dataResidency }: Project) =>
  `https://${HOST[dataResidency]}/analytics/${encodeURIComponent(organization)}/settings/projects`;

/** Exactly what to press, since nobody but a person can. */
export function pressRevoke(project: Project, { kind, name, value }: KeyDocument): string {
  const what = kind === 'secret' ? 'secret key' : 'API key';
  const which = name
    ? `named "${name}"`
    : `with fingerprint ${value.fingerprint} (npx keyctl which finds it)`;
  return `Revoke it at Amplitude: ${linkTo(project)}, organization ${project.organization}, project ${project.projectId}, API Keys, the ${what} ${which}. It can't be undone. The project's legacy key has Rotate in place of Revoke.`;
}

export function revokeNotice(
  sighting: Sighting,
  version: VersionFacts,
  document: KeyDocument,
  verdict: Verdict | undefined,
): KeyNotice {
  const key = keyOf(sighting);
  return {
    kind: 'revoke',
    subject: `Revoke Amplitude key ${document.value.fingerprint} of ${key}`,
    happened: `${whyRevoke(version)} key ${called(document)} of ${key}; from now on no consumer can read it.`,
    todo: pressRevoke(sighting.project, document),
    details: [...traffic(verdict), ...readersOf(sighting, version)],
  };
}

const compromisedAt = (labels: readonly string[]) =>
  labels.map(parseCompromised).find((time) => time !== undefined);

function whyRevoke({ labels }: VersionFacts): string {
  const at = compromisedAt(labels);
  return at ? `Compromised since ${at.toISOString()}:` : 'The retention is over:';
}

/** Amplitude tells of the whole project, not of the key. */
function traffic(verdict: Verdict | undefined): string[] {
  const status = verdict?.answer.traffic;
  if (status === 'observed') {
    return [
      'Amplitude still observes events in the project; it does not say by which of its keys.',
    ];
  }
  return status === 'not_observed'
    ? ['Amplitude observes no events in the project now.']
    : ["Amplitude didn't say whether it observes events in the project."];
}

export function stillAcceptedNotice(
  sighting: Sighting,
  document: KeyDocument,
  days: number,
  verdict: Verdict,
): KeyNotice {
  const key = keyOf(sighting);
  const { endpoint, httpStatus } = explain(verdict);
  return {
    kind: 'still-accepted',
    subject: `Still not revoked after ${days} ${days === 1 ? 'day' : 'days'}: Amplitude key ${document.value.fingerprint} of ${key}`,
    happened: `Amplitude still accepts key ${called(document)} of ${key} (${endpoint}, HTTP ${httpStatus}), ${days} ${days === 1 ? 'day' : 'days'} after its retention was over.`,
    todo: pressRevoke(sighting.project, document),
  };
}

export function retiredNotice(
  sighting: Sighting,
  { labels }: Pick<VersionFacts, 'labels'>,
  document: KeyDocument,
  rejectedSince: Date,
  verdict: Verdict,
): KeyNotice {
  const at = compromisedAt(labels);
  const key = keyOf(sighting);
  const { endpoint, httpStatus } = explain(verdict);
  return {
    kind: 'retired',
    subject: `Amplitude key ${document.value.fingerprint} of ${key} is retired`,
    happened: `Amplitude has rejected key ${called(document)} of ${key} at every check since ${rejectedSince.toISOString()} (${endpoint}, HTTP ${httpStatus}).`,
    ...(at
      ? { details: [`It was declared compromised at ${at.toISOString()}; the incident is closed.`] }
      : {}),
  };
}
