import type { QuarantineReport } from '../../../payloads.ts';
import { safe } from '../usage-line.ts';
import type { Answer } from './answer.ts';

/** Characters; an ARN may be among them. */
const MOST = 2_048;

/** What was done about a use or why not, as sentences for whoever is called. */
export function answerTold(answer: Answer, environment: string): string[] {
  const { why, besides = [], isRevoked } = answer;
  return [
    ...doneTold(answer, environment),
    ...(why ? [`Not quarantined: ${safe(why, MOST)}.`] : []),
    ...(besides.length > 0 ? [`Besides: ${safe(besides.join('; '), MOST)}.`] : []),
    ...(isRevoked
      ? [
          `The emergency function was asked to revoke the key: npx keyctl status --env ${environment} tells how far it is.`,
        ]
      : []),
  ];
}

function doneTold({ word, quarantine }: Answer, environment: string): string[] {
  if (!quarantine) return [];
  const { id, until } = quarantine;
  if (word === 'would-quarantine') {
    return [
      `Would have been quarantined until ${until}, were answer: 'quarantine' in the configuration: ${deniedTold(quarantine)}.`,
    ];
  }
  return [
    `Quarantined until ${until}, and denied every key of ${environment}: ${deniedTold(quarantine)}. If it is one of yours: npx keyctl quarantine release ${id} --env ${environment}.`,
  ];
}

/** A session's name is its maker's choice. */
function deniedTold({ denied: { session, principal, address } }: QuarantineReport): string {
  const parts = [
    ...(principal ? [safe(principal, 1_024)] : []),
    ...(session ? [`session ${safe(session)}`] : []),
    ...(address ? [`address ${safe(address)}`] : []),
  ];
  return parts.join(', ');
}
