import { currentSince } from '../hand-over/current-since.ts';
import { serviceName, servicesOf } from '../hand-over/services.ts';
import { currentOf, documentOf } from '../key-state.ts';
import { isCompromised } from '../labels.ts';
import type { KeyRotated } from '../ports.ts';
import { type Action, plan, type SweepPlan, together } from './action.ts';
import { formatMark, markIn, note } from './notes.ts';
import type { Sighting } from './sighting.ts';

/**
 * Goes on with a hand-over that died, failed, or was nobody's: AWSCURRENT was moved by hand, or a
 * service was named after the rotation. One with a deployment since the promotion isn't restarted
 * again, whatever came of that. Not for a key that may not be read, or that leaked.
 */
export function planHandOver(sighting: Sighting): SweepPlan {
  const current = currentOf(sighting.facts);
  if (!documentOf(current) || current?.labels.some(isCompromised)) return plan();
  return together([restartAll(sighting), announceAgain(sighting)]);
}

function restartAll(sighting: Sighting): SweepPlan {
  const { facts, now, standings } = sighting;
  const current = currentOf(facts)?.versionId ?? '';
  const actions = servicesOf(facts.managed, now)
    .filter((one) => standings.get(serviceName(one))?.word === 'still on the previous key')
    .map((service): Action => ({ do: 'restart', service, current }));
  return plan({ told: noteSince(sighting), actions });
}

/** Once, so that what is restarted now has the key in an hour. */
function noteSince({ facts, now, standings }: Sighting): Action[] {
  const versionId = currentOf(facts)?.versionId ?? '';
  const since = currentSince(facts, now);
  const isNoted = markIn(facts.secret.tags, note.handOver)?.id === versionId;
  if (standings.size === 0 || isNoted || !since) return [];
  const value = formatMark({ id: versionId, at: since });
  return [{ do: 'remember', tag: note.handOver, value }];
}

const AUTHORS: readonly KeyRotated['by'][] = ['rotation', 'revoke', 'rollback'];

/** One whose key has been replaced meanwhile is nobody's concern any more. */
function announceAgain({ facts }: Sighting): SweepPlan {
  const { managed, secret } = facts;
  const noted = secret.tags.get(note.unannounced);
  if (noted === undefined) return plan();
  const [version = '', author] = noted.split(' ');
  const by = AUTHORS.find((one) => one === author);
  const current = currentOf(facts);
  const document = documentOf(current);
  if (!by || !document || current?.versionId !== version)
    return plan({ actions: [{ do: 'forget', tag: note.unannounced }] });
  const event = {
    environment: managed.environment,
    key: managed.name,
    secretArn: secret.arn,
    fingerprint: document.value.fingerprint,
    version,
    by,
  };
  return plan({ actions: [{ do: 'announce', event }] });
}
