import {
  CancelRotateSecretCommand,
  PutSecretValueCommand,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { NOTE_TAG_PREFIX, tag } from '../../../lambda/contract.ts';
import { isAwaitingRevocation, isCompromised, isRetained } from '../../../lambda/domain/labels.ts';
import { rules } from './operator.ts';
import type { Settings } from './perform.ts';
import type { Scene } from './scene.ts';
import { holder, SECRET } from './sight.ts';
import type { Step } from './step.ts';

type Of<Do extends Step['do']> = Extract<Step, { do: Do }>;

export const picked = <T>(all: readonly T[], pick: number): T | undefined =>
  all[pick % Math.max(1, all.length)];

export async function putByHand(scene: Scene, { key }: Of<'put by hand'>) {
  const { ledger, vendor, world } = scene;
  const held = [...ledger.keys.values()].filter((one) => one.held);
  const chosen = key === 'held' ? (held.at(-3) ?? held[0]) : undefined;
  const { value } = chosen ?? ledger.fresh();
  if (key === 'good') vendor.generate(value);
  const SecretString = JSON.stringify({ apiKey: value });
  const put = new PutSecretValueCommand({ SecretId: SECRET, SecretString });
  await scene.hand(() => world.aws.clients.secretsManager.send(put));
}

export async function moveCurrent(scene: Scene, { pick }: Of<'move current'>) {
  const { sight, world } = scene;
  const current = holder(sight, 'AWSCURRENT') ?? '';
  const others = Object.keys(sight.labels).filter((id) => id !== current && sight.keyOf(id));
  const to = picked(others, pick);
  if (to) await scene.hand(() => world.moveCurrent(to, current));
}

const WHICH = {
  retained: isRetained,
  awaiting: isAwaitingRevocation,
  compromised: isCompromised,
  pending: (label: string) => label === 'AWSPENDING',
  previous: (label: string) => label === 'AWSPREVIOUS',
} as const;

export async function takeOff(scene: Scene, { label, pick }: Of<'take off'>) {
  const found = Object.entries(scene.sight.labels).flatMap(([id, own]) =>
    own.filter(WHICH[label]).map((one) => [id, one] as const),
  );
  const [id, one] = picked(found, pick) ?? [];
  if (id && one) await scene.hand(() => scene.world.takeOff(id, one));
}

export async function putOn(scene: Scene, { label, pick }: Of<'put on'>) {
  const { sight, world } = scene;
  const id = picked(Object.keys(sight.labels), pick);
  const name = label === 'foreign' ? `foreign-${pick}` : 'AWSPENDING';
  if (id) await scene.hand(() => world.putOn(id, name));
}

const SETTINGS = [tag.retainPreviousDays, tag.rotateEveryDays, tag.verification];

export async function untag(scene: Scene, { tag: which, pick }: Of<'untag'>) {
  const names = {
    lockdown: [tag.lockdown],
    setting: SETTINGS,
    note: Object.keys(scene.sight.tags).filter((name) => name.startsWith(NOTE_TAG_PREFIX)),
  };
  const name = picked(names[which], pick);
  if (name) await scene.hand(() => scene.world.untag(name));
}

export async function cancelRotation(scene: Scene) {
  const cancel = new CancelRotateSecretCommand({ SecretId: SECRET });
  await scene.hand(() => scene.world.aws.clients.secretsManager.send(cancel));
}

/**
 * CloudFormation writes the tags that the template changed and leaves the others alone; for a changed
 * schedule it calls RotateSecret, which a leftover AWSPENDING refuses: then it puts the tags back.
 */
export async function deploy(scene: Scene, { retain, rotate }: Of<'deploy'>, settings: Settings) {
  const { secretsManager } = scene.world.aws.clients;
  const write = (days: { retain: number; rotate: number }) => {
    const Tags = [
      { Key: tag.retainPreviousDays, Value: String(days.retain) },
      { Key: tag.rotateEveryDays, Value: String(days.rotate) },
    ];
    return scene.hand(() =>
      secretsManager.send(new TagResourceCommand({ SecretId: SECRET, Tags })),
    );
  };
  const before = { ...settings };
  await write({ retain, rotate });
  const isTaken =
    rotate === settings.rotate || (await scene.hand(() => secretsManager.send(rules(rotate))));
  const { error } = await scene.settle();
  if (isTaken && !error) Object.assign(settings, { retain, rotate });
  else await write(before);
}
