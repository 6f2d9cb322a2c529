import type { KeyIdentity } from '../../lambda/payloads.ts';
import type { TrailLine } from '../operator/trail-line.ts';
import type { Incident } from './incident-report.ts';

/** Something that happened, and what tells of it. */
export interface Happening {
  readonly at: string;
  readonly what: string;
  readonly source: string;
}

/** All that is known to have happened, earliest first. */
export function happenings(incident: Incident): Happening[] {
  const { emergency, trail } = incident;
  const all = [
    ...trail.map(ofLine),
    ...(emergency
      ? [
          { at: emergency.at, what: `Declared: ${emergency.reason}`, source: FUNCTION },
          ...emergency.plan.flatMap(({ what, doneAt }) =>
            doneAt ? [{ at: doneAt, what, source: FUNCTION }] : [],
          ),
        ]
      : []),
    ...readings(incident),
    ...verdict(incident),
  ];
  return all.sort((a, b) => a.at.localeCompare(b.at));
}

const FUNCTION = 'emergency function';

function ofLine({ at, transition, fingerprint, name, by, detail }: TrailLine): Happening {
  const key = [fingerprint ? ` key ${fingerprint}` : '', name ? ` "${name}"` : ''].join('');
  const why = detail ? `: ${detail}` : '';
  return { at, what: `${transition}${key}${why}`, source: `audit trail, by ${by}` };
}

function readings({ assessment }: Incident): Happening[] {
  const { first, last } = assessment ?? {};
  const source = 'CloudTrail';
  return [
    ...(first ? [{ at: first, what: 'First read of the key that was found', source }] : []),
    ...(last ? [{ at: last, what: 'Last read of the key that was found', source }] : []),
  ];
}

function verdict({ check }: Incident): Happening[] {
  if (!check) return [];
  const { at, verdict, explanation } = check;
  const what = `Asked about the leaked key: ${verdict}. ${explanation}`;
  return [{ at, what, source: 'Amplitude' }];
}

/** When it was declared, replaced, asked to be revoked, and rejected. */
export function milestones(incident: Incident): (readonly [what: string, when: string])[] {
  const { emergency, trail, check } = incident;
  const leaked = leakedIn(incident);
  const ofLeaked = trail.filter((line) => isOf(line, leaked));
  const declared = atOf(ofLeaked, 'compromised') ?? emergency?.at;
  const after = trail.filter(({ at }) => declared !== undefined && at >= declared);
  const rejected = atOf(ofLeaked, 'retired') ?? (check?.verdict === 'rejected' ? check.at : '');
  return [
    ['Declared', declared ?? 'no declaration is written down'],
    ['Replaced', atOf(after, 'promoted') ?? 'no replacement is written down since'],
    ['Revoke asked for', atOf(ofLeaked, 'awaiting-revocation') ?? 'see the timeline below'],
    ['Rejected by Amplitude', rejected || notRejected(incident)],
  ];
}

function notRejected({ check }: Incident): string {
  return check?.verdict === 'accepted' ? 'not yet: Amplitude still accepts it' : 'not known yet';
}

export const leakedIn = ({ emergency, assessment }: Incident): KeyIdentity =>
  emergency?.leaked ?? assessment?.leaked ?? {};

const isOf = (line: TrailLine, { versionId, fingerprint }: KeyIdentity) =>
  (versionId !== undefined && line.versionId === versionId) ||
  (fingerprint !== undefined && line.fingerprint === fingerprint);

const atOf = (lines: readonly TrailLine[], transition: string) =>
  lines.findLast((line) => line.transition === transition)?.at;
