import {
  parseCompromised,
  parseRetainedUntil,
  retainedUntilLabel,
  retainedUntilPattern,
} from '../../../../lambda/domain/labels.ts';
import { retainedUntilOf, stateOf } from '../../../../lambda/domain/versions.ts';
import { ofText } from '../inputs.ts';

const ID = '1a2b3c4d-0000-4000-8000-000000000001';
const UNTIL = new Date('2026-12-24T01:50:00Z');

/** A staging label: whoever may move one may make one up. */
export const stagingLabels = ofText(
  [
    retainedUntilLabel(UNTIL, ID),
    'COMPROMISED-20261224T015000Z-1a2b3c4d',
    'AWAITING-REVOCATION-1a2b3c4d',
    'AWSCURRENT',
  ],
  {
    name: 'staging labels',
    limit: 256,
    parse: (label) => ({
      label,
      state: stateOf([label, 'AWSPREVIOUS', label]),
      times: [parseRetainedUntil(label), parseCompromised(label), retainedUntilOf([label])],
    }),
    fault: (result) => {
      const { label, times } = result as { label: string; times: (Date | undefined)[] };
      return times.every((time) => time === undefined || isWritten(time, label))
        ? undefined
        : 'it reads a time that the label does not state';
    },
  },
);

const isWritten = (time: Date, label: string) =>
  !Number.isNaN(time.getTime()) && label.includes(time.toISOString().slice(0, 4));

/** The id of a version: whoever puts a value chooses it. */
export const versionIds = ofText([ID, 'f'.repeat(64), '0'.repeat(32)], {
  name: 'version ids',
  limit: 64,
  // Secrets Manager takes no shorter one
  parse: (id) => {
    const versionId = id.padEnd(32, '-');
    const label = retainedUntilLabel(UNTIL, versionId);
    const isFound = new RegExp(retainedUntilPattern(versionId)).test(label);
    return isFound && parseRetainedUntil(label)?.getTime() === UNTIL.getTime();
  },
  fault: (isUnderstood) => (isUnderstood ? undefined : 'its own retention label is not understood'),
});
