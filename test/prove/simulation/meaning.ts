import { tag } from '../../../lambda/contract.ts';
import { isCompromised } from '../../../lambda/domain/labels.ts';
import type { EmergencyRequest } from '../../../lambda/payloads.ts';
import type { Key } from './ledger.ts';
import type { Scene } from './scene.ts';
import { currentKey, holder, labelsOfKey } from './sight.ts';
import { stagedIn } from './staged.ts';

const DAY = 86_400_000;

/**
 * The key that somebody means who declares a leak. `current`, said again within a day, is still the
 * key that was current the first time, whatever replaced it since.
 */
export function meantBy(request: EmergencyRequest, scene: Scene): Key | undefined {
  if (request.action !== 'revoke') return undefined;
  const { sight } = scene;
  const { version = 'current' } = request;
  if (version === 'staged') {
    const [only, ...others] = stagedIn(scene);
    return others.length === 0 ? scene.find(only) : undefined;
  }
  if (version === 'current') return currentMeant(scene);
  const id = version === 'previous' ? holder(sight, 'AWSPREVIOUS') : version;
  return scene.find(sight.keyOf(id));
}

function currentMeant(scene: Scene): Key | undefined {
  const { sight, ledger, now } = scene;
  const current = ledger.find(currentKey(sight));
  const { incident } = ledger;
  const isMarked = current && labelsOfKey(sight, current.value).some(isCompromised);
  if (isMarked || (current && incident?.key === current)) return current;
  if (incident && now - incident.at < DAY && !incident.isForgotten) return incident.key;
  return isDoubtful(scene) ? undefined : current;
}

/** By which Lambda's and Secrets Manager's clocks may differ. */
const SKEW = 60_000;

/**
 * A key that leaked before or as it was replaced, within a day: it may be the one that is meant. While
 * nothing can be read, nobody sees since when the current one is current.
 */
function isDoubtful({ ledger, now, sight }: Scene): boolean {
  const previous = ledger.find(sight.keyOf(holder(sight, 'AWSPREVIOUS')));
  if (!sight.isCmkOn && previous?.leakedAt !== undefined) return true;
  return [...ledger.keys.values()].some(
    ({ leakedAt, replacedAt }) =>
      leakedAt !== undefined &&
      replacedAt !== undefined &&
      now - replacedAt < DAY &&
      leakedAt <= replacedAt + SKEW,
  );
}

/** Without them a key is refused, since nothing is known of it. */
const SETTINGS = [tag.retainPreviousDays, tag.rotateEveryDays, tag.verification];
const ROOM = 15;

/** A revocation of the current key would replace it now. */
export function isReadyToReplace(scene: Scene): boolean {
  const { sight, vendor, fault } = scene;
  const [only, ...others] = stagedIn(scene);
  const key = scene.find(only);
  const isFresh = key && !key.held && key.leakedAt === undefined && vendor.accepts(key.value);
  const count = Object.values(sight.labels).flat().length;
  if (SETTINGS.some((name) => sight.tags[name] === undefined)) return false;
  return Boolean(isFresh) && others.length === 0 && sight.isCmkOn && !fault && count <= ROOM;
}
