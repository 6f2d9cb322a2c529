import { tag } from '../../../../lambda/contract.ts';
import {
  AWAITING,
  type AwaitingNote,
  awaitingIn,
  barredIn,
  formatAwaiting,
  formatLastCheck,
  lastCheckIn,
  markIn,
  note,
  rollbackIn,
} from '../../../../lambda/domain/lifecycle/notes.ts';
import { type ManagedKey, managedKey } from '../../../../lambda/domain/managed-key.ts';
import { tagsOf } from '../../../lambda/world.ts';
import { ofText, ofValue } from '../inputs.ts';

/** The tags that say what a key is. */
export const keyTags = ofValue(
  [
    tagsOf('web'),
    tagsOf('export', {
      [tag.kind]: 'secret',
      [tag.pairedWith]: 'web',
      [tag.sensitivity]: 'sensitive',
      [tag.consumer(1)]: 'arn:aws:iam::111122223333:role/web',
      [tag.consumerExpires(1)]: '2027-01-31T00:00:00.000Z',
      [tag.consumerEcs(1)]: 'apps/web',
      [tag.consumer(2)]: 'PrincipalTag/team=web',
    }),
  ],
  {
    name: 'tags of a key',
    limit: 50 * 256,
    parse: (input) => {
      const written = typeof input === 'object' && input !== null ? Object.entries(input) : [];
      const tags = new Map(written.map(([name, value]) => [name, String(textIn(value))]));
      const name = `amplitude/dev/${tags.has(tag.pairedWith) ? 'export' : 'web'}`;
      return managedKey(
        { arn: 'arn', name, rotationEnabled: true, versions: new Map(), tags },
        'dev',
      );
    },
    fault: (result) => {
      const { retainPreviousDays, rotateEveryDays } = result as ManagedKey;
      const days = [retainPreviousDays, rotateEveryDays];
      return days.every(isPlausible) ? undefined : 'its days are none';
    },
  },
);

const textIn = (value: unknown) => (typeof value === 'string' ? value : typeof value);
const isPlausible = (days: number) => Number.isInteger(days) && days >= 1 && days <= 1_000;

const NOW = new Date('2026-11-24T00:00:00Z');
const VERSION = '1a2b3c4d-0000-4000-8000-000000000001';
const since = NOW;

/** Tags in which a sweep remembers: whoever may tag may rewrite them. */
export const noteTags = ofText(
  [
    formatLastCheck({ id: VERSION, at: NOW, word: 'accepted' }),
    formatAwaiting({
      since,
      asked: true,
      told: 7,
      rejectedSince: NOW,
      fingerprint: '0123456789ab',
    }),
    formatAwaiting({ since, asked: false, told: 0, revoked: true }),
    `${VERSION} ${VERSION} ${NOW.toISOString()}`,
  ],
  {
    name: 'note tags',
    limit: 256,
    parse: (text) => {
      const names = [note.checked, note.pending, note.leak, note.rollback, `${AWAITING}1a2b3c4d`];
      const tags = new Map(names.map((name) => [name, text]));
      return {
        text,
        marks: [markIn(tags, note.pending), lastCheckIn(tags)],
        awaiting: awaitingIn(tags, VERSION),
        others: [barredIn(tags), rollbackIn(tags, NOW)],
      };
    },
    fault: (result) => {
      const { text, marks, awaiting } = result as Noted;
      const times = [...marks.map((mark) => mark?.at), awaiting?.since, awaiting?.rejectedSince];
      const isTold = (time: Date | undefined) => !time || text.includes(time.toISOString());
      if (!times.every(isTold)) return 'it reads a time that nobody wrote';
      return Number.isSafeInteger(awaiting?.told ?? 0) ? undefined : 'its days are none';
    },
  },
);

interface Noted {
  readonly text: string;
  readonly marks: readonly ({ readonly at: Date } | undefined)[];
  readonly awaiting?: AwaitingNote;
}
