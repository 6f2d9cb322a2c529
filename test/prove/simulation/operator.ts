import {
  DescribeSecretCommand,
  RotateSecretCommand,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { tag } from '../../../lambda/contract.ts';
import { KeysError } from '../../../lambda/domain/errors.ts';
import { isAwaitingRevocation, isCompromised } from '../../../lambda/domain/labels.ts';
import type { EmergencyRequest } from '../../../lambda/payloads.ts';
import type { Settings } from './perform.ts';
import type { Scene } from './scene.ts';
import { currentKey, holder, SECRET } from './sight.ts';
import { stagedIn } from './staged.ts';

const about = { reason: 'simulated', caller: 'ann' };
export const request = {
  revoke: (version: string): EmergencyRequest => ({
    action: 'revoke',
    key: 'web',
    version,
    ...about,
  }),
  rollback: (version: string): EmergencyRequest => ({
    action: 'rollback',
    key: 'web',
    version,
    ...about,
  }),
  of: (action: 'lockdown' | 'unlock', scope: 'key' | 'environment'): EmergencyRequest =>
    scope === 'key' ? { action, scope, key: 'web', ...about } : { action, scope, ...about },
};

/** Does what the notices ask for. */
export async function attend(scene: Scene, settings: Settings): Promise<void> {
  await restoreSettings(scene, settings);
  if (!scene.sight.isCmkOn) await scene.emergency(request.of('unlock', 'environment'));
  if (!scene.sight.isCmkOn) return;
  await takeForeignLabelsOff(scene);
  await keepOneStaged(scene);
  await replaceCurrent(scene);
  await pressRevoke(scene);
  await unlock(scene);
}

/** A deploy without changes puts nothing back, so people do. */
async function restoreSettings(scene: Scene, { retain, rotate, verification }: Settings) {
  const { secretsManager } = scene.world.aws.clients;
  const wanted = {
    [tag.retainPreviousDays]: String(retain),
    [tag.rotateEveryDays]: String(rotate),
    [tag.verification]: verification,
  };
  const lost = Object.entries(wanted).filter(([name, value]) => scene.sight.tags[name] !== value);
  const Tags = lost.map(([Key, Value]) => ({ Key, Value }));
  if (lost.length > 0)
    await scene.hand(() => secretsManager.send(new TagResourceCommand({ SecretId: SECRET, Tags })));
  const answer = await secretsManager.send(new DescribeSecretCommand({ SecretId: SECRET }));
  const { AutomaticallyAfterDays: days, ScheduleExpression } = answer.RotationRules ?? {};
  const isAsSet = days === rotate || ScheduleExpression === `rate(${rotate} days)`;
  if (answer.RotationEnabled && isAsSet) return;
  await scene.hand(() => secretsManager.send(rules(rotate)));
  await scene.settle();
}

/** As CloudFormation sends it for a changed schedule. */
export const rules = (days: number) =>
  new RotateSecretCommand({
    SecretId: SECRET,
    RotationRules: { ScheduleExpression: `rate(${days} days)` },
    RotateImmediately: false,
  });

async function takeForeignLabelsOff(scene: Scene) {
  for (const [id, labels] of Object.entries(scene.sight.labels)) {
    for (const label of labels.filter((one) => one.startsWith('foreign-')))
      await scene.hand(() => scene.world.takeOff(id, label));
  }
}

/** What a rotation would refuse is taken back, and the next key handed in. */
async function keepOneStaged(scene: Scene) {
  const good = stagedIn(scene).filter((value) => {
    const key = scene.find(value);
    const isOver = !key || key.held || key.leakedAt !== undefined;
    return !isOver && scene.vendor.accepts(value);
  });
  const [kept] = good;
  for (const value of stagedIn(scene)) {
    if (value !== kept) await scene.hand(() => scene.world.unstage(value));
  }
  if (!kept) await stageFresh(scene);
}

export async function stageFresh(scene: Scene) {
  const { value } = scene.ledger.fresh();
  scene.vendor.generate(value);
  await scene.hand(() => scene.world.stage(value));
}

/** One that leaked, or that Amplitude rejects. */
async function replaceCurrent(scene: Scene) {
  const { sight } = scene;
  const id = holder(sight, 'AWSCURRENT') ?? '';
  if (sight.labels[id]?.some(isCompromised)) await scene.emergency(request.revoke('current'));
  else if (!scene.vendor.accepts(currentKey(sight) ?? '')) await scene.rotate();
}

async function pressRevoke(scene: Scene) {
  const { labels, keyOf } = scene.sight;
  const asked = Object.entries(labels).filter(
    ([, own]) =>
      !own.includes('AWSCURRENT') &&
      own.some((label) => isAwaitingRevocation(label) || isCompromised(label)),
  );
  for (const [id] of asked) {
    const value = keyOf(id);
    if (value === undefined || value === currentKey(scene.sight)) continue;
    if (!scene.vendor.isPressed(value)) scene.tally.add('revoke pressed');
    scene.vendor.press(value, 2, true);
  }
}

async function unlock(scene: Scene) {
  if (scene.sight.tags[tag.lockdown] !== 'on') return;
  const { error } = await scene.emergency(request.of('unlock', 'key'));
  if (!(error instanceof KeysError) || error.code !== 'STILL_COMPROMISED') return;
  const leaks = Object.entries(scene.sight.labels).filter(([, own]) => own.some(isCompromised));
  for (const [id] of leaks) await scene.emergency(request.revoke(id));
  await scene.emergency(request.of('unlock', 'key'));
}
