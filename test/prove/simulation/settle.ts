import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { NOTE_TAG_PREFIX } from '../../../lambda/contract.ts';
import { isAwaitingRevocation, isCompromised, MAX_LABELS } from '../../../lambda/domain/labels.ts';
import { AWAITING, awaitingIn, note } from '../../../lambda/domain/lifecycle/notes.ts';
import { attend } from './operator.ts';
import { type Playing, perform } from './perform.ts';
import { Broken, type Scene, SERVICE } from './scene.ts';
import { currentKey, holder, labelsOfKey, readableUntil, SECRET, type Sight } from './sight.ts';
import { stagedIn } from './staged.ts';

const DAYS = 12;
const DAY = 86_400_000;
export const SETTLES = `With an attentive operator and no faults, everything is settled within ${DAYS} days.`;

/** From now on nothing fails and somebody does every day what is asked for. */
export async function settle(playing: Playing): Promise<void> {
  const { scene } = playing;
  scene.fault = undefined;
  scene.vendor.recover();
  for (let day = 0; day < DAYS; day += 1) {
    await attend(scene, playing.settings);
    await perform(playing, { do: 'wait', hours: 8, sweeps: 'hourly' });
    await perform(playing, { do: 'wait', hours: 16, sweeps: 'daily' });
  }
  const left = await leftIn(scene, playing.settings.rotate);
  if (left.length > 0) throw new Broken(SETTLES, `after ${DAYS} days ${left.join('; ')}`);
}

async function leftIn(scene: Scene, rotateEveryDays: number): Promise<string[]> {
  const { sight, vendor, ledger, world, now, replacedAt } = scene;
  const all = Object.values(sight.labels).flat();
  const tags = new Map(Object.entries(sight.tags));
  const ended = Object.entries(sight.labels).filter(
    ([id, own]) => own.some(isAwaitingRevocation) && !isFresh(awaitingIn(tags, id)?.since, now),
  );
  const current = currentKey(sight) ?? '';
  const staged = stagedIn(scene);
  const age = (now - (await madeAt(scene))) / DAY;
  const stale = Object.keys(sight.labels).filter((id) => {
    const value = sight.keyOf(id) ?? '';
    const until = readableUntil(sight, value);
    return value !== current && until > 0 && until < now - DAY;
  });
  const found: Record<string, boolean> = {
    'the current key is rejected': !vendor.accepts(current),
    'the current key is one that leaked': labelsOfKey(sight, current).some(isCompromised),
    [`the current key is ${age.toFixed(1)} days old`]: age > rotateEveryDays + 1,
    'a service runs with a replaced key': world.aws.ecs
      .tasksOf(SERVICE)
      .some(({ createdAt }) => createdAt && createdAt.getTime() < replacedAt),
    'AWSPENDING is left over':
      (holder(sight, 'AWSPENDING') ?? holder(sight, 'AWSCURRENT')) !== holder(sight, 'AWSCURRENT'),
    'a key awaits its revocation that was revoked': ended.length > 0,
    'a compromised key is left': all.some(isCompromised),
    'a retention is over, and its label is there': stale.length > 0,
    [`${staged.length} keys are staged`]: staged.length > 1,
    'a promoted key is still staged': staged.some((value) => ledger.find(value)?.held),
    [`${all.length} labels are used`]: all.length > MAX_LABELS - 3,
    ...Object.fromEntries(leftNotes(sight).map((tag) => [`tag ${tag} is left`, true])),
  };
  return Object.keys(found).filter((what) => found[what]);
}

/** When the current version was made, by which the functions count. */
async function madeAt({ world }: Scene): Promise<number> {
  const get = new GetSecretValueCommand({ SecretId: SECRET });
  const { CreatedDate } = await world.aws.clients.secretsManager.send(get);
  return CreatedDate?.getTime() ?? 0;
}

const LASTING: readonly string[] = [
  note.reminder,
  note.staged,
  note.promoted,
  note.checked,
  note.leak,
  note.handOver,
  note.readers,
  // Until the next rotation
  note.finding('put-by-hand'),
];

/** Its retention ended so late that it can't be retired yet. */
const isFresh = (since: Date | undefined, now: number) =>
  since !== undefined && now - since.getTime() < 2 * DAY;

function leftNotes({ tags, at }: Sight): string[] {
  const all = new Map(Object.entries(tags));
  return [...all.keys()].filter((tag) => {
    if (!tag.startsWith(NOTE_TAG_PREFIX) || LASTING.includes(tag)) return false;
    const isAwaiting = tag.startsWith(AWAITING);
    return !isAwaiting || !isFresh(awaitingIn(all, tag.slice(AWAITING.length))?.since, at);
  });
}
