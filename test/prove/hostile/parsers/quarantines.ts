import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { guardTableName, QUARANTINE_MARK } from '../../../../lambda/contract.ts';
import type { Denied, Kept } from '../../../../lambda/domain/quarantine/quarantine.ts';
import { deniable, tagsFor } from '../../../../lambda/domain/quarantine/tags.ts';
import {
  ADDRESS,
  fakeWith,
  INTERN,
  keeping,
  LAPTOP,
  NOW,
  quarantined,
} from '../../../lambda/quarantined.ts';
import { ofJson, ofText } from '../inputs.ts';

const KEPT: readonly Kept[] = [
  {
    ...quarantined({ session: LAPTOP, principal: INTERN, address: ADDRESS }),
    isAnnounced: false,
    slot: 1,
  },
  {
    ...quarantined({ address: ADDRESS }),
    isAnnounced: true,
    slot: 4,
    releasedAt: NOW.toISOString(),
  },
];
const aws = fakeWith();
const { quarantines } = keeping(aws).ports;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html, and some for the rest of the item */
const MOST_BYTES = 400_000;

/** The list in the access guard's table, which somebody may have edited. */
export const keptQuarantines = ofJson([KEPT], {
  name: 'kept quarantines',
  limit: MOST_BYTES,
  boundMs: 1_000,
  async parse(text): Promise<readonly Kept[]> {
    if (Buffer.byteLength(text) > MOST_BYTES) return [];
    const Item = { id: { S: 'quarantines' }, version: { N: '1' }, list: { S: text } };
    aws.resetCalls();
    await aws.clients.dynamoDb.send(new PutItemCommand({ TableName: guardTableName('dev'), Item }));
    return (await quarantines.all()).quarantines;
  },
  fault: (result) => faultOf(tagsFor(result as readonly Kept[], NOW)),
  told: (result) => JSON.stringify(tagsFor(result as readonly Kept[], NOW)),
});

/** The name of a session is its caller's choice, and becomes a word of a tag. */
export const deniedSessions = ofText([LAPTOP, 'AROAEXAMPLEINTERN0000:ann@example.com', 'none'], {
  name: 'sessions to be denied',
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, and far beyond
  limit: 2_048,
  parse: (session): Denied | undefined => deniable({ session, address: ADDRESS }),
  fault: (result) => {
    const denied = result as Denied | undefined;
    if (!denied) return 'not even its address is denied';
    const one = { ...quarantined(denied), isAnnounced: true, slot: 1 };
    return faultOf(tagsFor([one], NOW));
  },
  told: (result) => JSON.stringify(result),
});

/** Of a tag whose words Secrets Manager takes, and each of which policies can tell from the others. */
function faultOf(tags: Readonly<Record<string, string>>): string | undefined {
  for (const value of Object.values(tags)) {
    const [first, ...words] = value.split(' ');
    const last = words.pop();
    if (first !== QUARANTINE_MARK || last !== QUARANTINE_MARK) return 'a tag without its marks';
    if (words.length === 0 || words.includes('')) return 'a tag with a word that is empty';
    if (!/^[\w .:/=+@-]+$/.test(value)) return 'a tag of other characters';
  }
  return undefined;
}
