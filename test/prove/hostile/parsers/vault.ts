import { PutParameterCommand } from '@aws-sdk/client-ssm';
import * as fc from 'fast-check';
import { stagedName, tag } from '../../../../lambda/contract.ts';
import { mayHoldKey } from '../../../../lambda/domain/keyless.ts';
import { AWAITING, note } from '../../../../lambda/domain/lifecycle/notes.ts';
import { fingerprintOf } from '../../../../lambda/domain/secret-value.ts';
import { createWorld, documentOf, KEYS, type World } from '../../../lambda/world.ts';
import type { Parser } from '../parser.ts';
import { worn } from '../text-edits.ts';
import { KEY_LIKE } from '../words.ts';
import { stagingLabels } from './labels.ts';
import { secretJson } from './secret.ts';
import { stagedValues } from './staged.ts';
import { noteTags } from './tags.ts';

const DAY = 86_400_000;
const OLD = '00000000-0000-4000-8000-00000000000f';

/** What somebody left in Secrets Manager and Parameter Store. */
interface Vault {
  readonly value?: string;
  readonly before?: string;
  readonly label?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly staged?: string;
}

const NAMES = [
  tag.kind,
  tag.audience,
  tag.owner,
  tag.verification,
  tag.pairedWith,
  tag.consumer(1),
  note.checked,
  note.pending,
  note.staged,
  note.promoted,
  note.reminder,
  note.lockdown,
  note.leak,
  note.rollback,
  `${AWAITING}00000000`,
];

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html */
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;
/** Labels and tags are no place for a secret: CloudTrail and Describe show them all. */
const open = (text: string) => !mayHoldKey(text);
const kept = (text: string) => text !== '' && Buffer.byteLength(text) <= 65_536;

const tags = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.oneof(
    noteTags.inputs.filter((text) => TAG_VALUE.test(text) && open(text)),
    fc.constantFrom('secret', 'browser', 'canary', 'web', 'on'),
  ),
  { maxKeys: 2 },
);

const inputs: fc.Arbitrary<Vault> = fc.record(
  {
    value: secretJson.inputs.filter(kept),
    before: secretJson.inputs,
    label: worn(stagingLabels.inputs).filter(open),
    tags,
    staged: stagedValues.inputs,
  },
  { requiredKeys: ['tags'] },
);

/** Everything there at once, and all functions at work on it for a month. */
export const vault: Parser<Vault> = {
  name: 'a vault in disorder',
  limit: 60_000,
  boundMs: 5_000,
  runs: { short: 25, long: 600 },
  climbs: { short: 0, long: 3 },
  inputs,
  families: secretJson.families.map(({ name, of }) => ({
    name,
    of: (size) => ({ value: of(size), tags: {} }),
  })),
  async parse(input) {
    const world = await createWorld({
      value: input.value ?? documentOf(KEYS.first),
      tags: input.tags,
    });
    try {
      await furnish(world, input);
      const answers = await work(world);
      const mail = world.aws.sns.published.map(({ subject, message }) => [subject, message]);
      return [...world.printed, JSON.stringify([answers, mail])].join('\n');
    } finally {
      await world.close();
    }
  },
  fault: (told) =>
    /\bUNEXPECTED\b/.test(told as string) ? unexpectedIn(told as string) : undefined,
  told: (told) => (told as string).replaceAll(OLD, ''),
};

const unexpectedIn = (told: string) =>
  `a fault of the worker: ${/A fault of this worker: [^"]*/.exec(told)?.[0] ?? ''}`;

/** What AWS refuses to keep is not there. */
async function furnish(world: World, { before, label, staged }: Vault): Promise<void> {
  const ignored = () => {};
  if (before !== undefined) {
    await world.putPending(OLD, before).catch(ignored);
    if (label !== undefined) await world.putOn(OLD, label).catch(ignored);
    await world.takeOff(OLD, 'AWSPENDING').catch(ignored);
  }
  if (staged === undefined) return world.stage(KEYS.second);
  const Name = stagedName('dev', 'web', fingerprintOf(KEY_LIKE));
  const parameter = { Name, Value: staged, Type: 'SecureString' as const };
  await world.aws.clients.ssm.send(new PutParameterCommand(parameter)).catch(ignored);
}

/** A day's work and another a month later. */
async function work(world: World): Promise<unknown[]> {
  const answers: unknown[] = [];
  const take = async (answer: Promise<unknown>) => {
    const told = await answer.catch((error: unknown) => String((error as Error).stack));
    answers.push(told instanceof Error ? told.stack : told);
  };
  const ask = { key: 'web', reason: 'a leak', dryRun: true };
  for (const wait of [0, 31 * DAY]) {
    world.aws.clock.advance(wait);
    await take(world.sweep());
    await take(world.inspectHandler({ action: 'inventory' }));
    await take(world.inspectHandler({ action: 'verify', key: 'web' }));
    await take(world.inspectHandler({ action: 'assess', key: 'web', version: 'previous' }));
    await take(world.emergencyHandler({ action: 'revoke', ...ask }));
    await take(world.emergencyHandler({ action: 'rollback', ...ask }));
    await take(world.rotate());
    await take(world.sweep());
  }
  return answers;
}
