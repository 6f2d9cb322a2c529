import type { World } from '../../lambda/world.ts';
import { type Amiss, askedToRevoke, counted, MAIL, recordsOf, TRAIL } from './records.ts';
import { inWords, type KeyWord } from './sight.ts';
import type { Watch } from './watch.ts';

/** What has to be told and written down of keys by the end, whoever did it and whatever failed. */
export function brokenDue(world: World, { gone, leaked, replaced, held }: Watch): Amiss[] {
  const asked = counted(messages(world).flatMap(askedToRevoke));
  const retired = counted(messages(world).flatMap(toldRetired));
  const { trail } = recordsOf(world);
  const lines = [
    ...gone.flatMap((key) => [`awaiting-revocation ${key}`, `retired ${key}`]),
    ...leaked.map((key) => `compromised ${key}`),
    ...replaced.filter((key) => !leaked.includes(key)).map((key) => `retained ${key}`),
    ...held.map((key) => `promoted ${key}`),
  ];
  return [
    ...missing(gone, asked).map((key) => ({
      promise: MAIL,
      seen: `${key} is never to be revoked`,
    })),
    ...missing(gone, retired).map((key) => ({ promise: MAIL, seen: `${key} is never retired` })),
    ...missing(lines, trail).map((line) => ({ promise: TRAIL, seen: `never: ${line}` })),
  ];
}

const missing = (due: readonly string[], found: ReadonlyMap<string, number>) =>
  due.filter((one) => !found.has(one));

const messages = (world: World) => world.aws.sns.published.map(({ message }) => inWords(message));

const toldRetired = (message: string): KeyWord[] =>
  [...message.matchAll(/has rejected key (\w+)/g)].map(([, key]) => key as KeyWord);
