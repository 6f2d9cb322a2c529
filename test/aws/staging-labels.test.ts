import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const SecretId = 'amplitude/dev/web';
let aws: FakeAws;
let first: string;
let second: string;

beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  aws.secretsManager.seedSecret({ name: SecretId });
  first = aws.secretsManager.putByHand(SecretId, 'first');
  second = aws.secretsManager.putByHand(SecretId, 'second', ['AWSPENDING']);
});

const put = (token: string, SecretString: string, VersionStages = ['AWSPENDING']) => {
  const input = { SecretId, ClientRequestToken: token, SecretString, VersionStages };
  return aws.clients.secretsManager.send(new PutSecretValueCommand(input));
};

const move = (label: string, { to, from }: { to?: string; from?: string }) => {
  const where = {
    ...(to === undefined ? {} : { MoveToVersionId: to }),
    ...(from === undefined ? {} : { RemoveFromVersionId: from }),
  };
  const input = { SecretId, VersionStage: label, ...where };
  return aws.clients.secretsManager.send(new UpdateSecretVersionStageCommand(input));
};

describe('a ClientRequestToken', () => {
  it('used again with the same value changes nothing', async () => {
    const before = aws.secretsManager.versionsOf(SecretId);
    await put(second, 'second', ['AWSCURRENT']);
    expect(aws.secretsManager.versionsOf(SecretId)).toEqual(before);
  });

  it('used again with another value is refused', async () => {
    expect(await refusal(put(second, 'third'))).toMatchObject({ name: 'ResourceExistsException' });
    expect(aws.secretsManager.valueOf(SecretId, second)).toBe('second');
  });

  it('of the first version makes it AWSCURRENT, whatever its stages', async () => {
    aws.secretsManager.seedSecret({ name: 'empty' });
    const version = aws.secretsManager.putByHand('empty', 'first', ['AWSPENDING']);
    expect(aws.secretsManager.labelsOf('empty', version)).toEqual(['AWSCURRENT', 'AWSPENDING']);
  });

  it('has 32 to 64 characters', async () => {
    expect(await refusal(put('short', 'third'))).toEqual({
      name: 'InvalidParameterException',
      message: 'ClientRequestToken must be 32-64 characters long.',
    });
  });
});

describe('moving a label', () => {
  it('names the version that holds it, else is refused with that version', async () => {
    expect(await refusal(move('AWSCURRENT', { to: second }))).toEqual({
      name: 'InvalidParameterException',
      message: `The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${first}, so you must explicitly reference that version in RemoveFromVersionId.`,
    });
  });

  it('from a version that does not hold it is refused', async () => {
    for (const to of [undefined, first]) {
      const call = move('AWSPENDING', { from: first, ...(to ? { to } : {}) });
      expect(await refusal(call)).toMatchObject({ name: 'InvalidParameterException' });
    }
  });

  it('to where it sits is no change', async () => {
    const before = aws.secretsManager.versionsOf(SecretId);
    await move('AWSCURRENT', { to: first });
    await move('AWSCURRENT', { to: first, from: first });
    expect(aws.secretsManager.versionsOf(SecretId)).toEqual(before);
  });

  it('back to AWSPREVIOUS swaps the two', async () => {
    await move('AWSCURRENT', { to: second, from: first });
    await move('AWSCURRENT', { to: first, from: second });
    expect(aws.secretsManager.holderOf(SecretId, 'AWSCURRENT')).toBe(first);
    expect(aws.secretsManager.holderOf(SecretId, 'AWSPREVIOUS')).toBe(second);
  });

  it('to or from an unknown version is refused', async () => {
    const unknown = crypto.randomUUID();
    for (const call of [move('kept', { to: unknown }), move('kept', { from: unknown })]) {
      expect(await refusal(call)).toMatchObject({ name: 'InvalidParameterException' });
    }
  });

  it('counts as a change of the secret', async () => {
    aws.clock.advance(60_000);
    await move('kept', { to: first });
    const read = new GetSecretValueCommand({ SecretId, VersionStage: 'kept' });
    const answer = await aws.clients.secretsManager.send(read);
    expect(answer).toMatchObject({ VersionId: first, VersionStages: ['AWSCURRENT', 'kept'] });
  });
});

describe('taking a label off', () => {
  it('is refused for AWSCURRENT, which only moves', async () => {
    expect(await refusal(move('AWSCURRENT', { from: first }))).toEqual({
      name: 'InvalidParameterException',
      message:
        "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
    });
  });

  it('unlists a version with its last label, whose value stays readable by version id', async () => {
    await move('AWSPENDING', { from: second });
    expect(aws.secretsManager.versionsOf(SecretId)).toEqual({ [first]: ['AWSCURRENT'] });
    const read = new GetSecretValueCommand({ SecretId, VersionId: second });
    const answer = await aws.clients.secretsManager.send(read);
    expect(answer).toMatchObject({ SecretString: 'second', VersionStages: [] });
  });

  it('needs a version', async () => {
    expect(await refusal(move('AWSPENDING', {}))).toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});

describe('limits', () => {
  it('are 20 labels over all versions, and a refused call changes nothing', async () => {
    for (let count = 3; count <= 20; count += 1) await move(`label-${count}`, { to: first });
    const full = { name: 'LimitExceededException' };
    expect(await refusal(move('label-21', { to: second }))).toMatchObject(full);
    expect(await refusal(put(crypto.randomUUID(), 'third', ['label-21']))).toMatchObject(full);
    expect(aws.secretsManager.labelsOf(SecretId, second)).toEqual(['AWSPENDING']);
    await move('label-20', { to: second, from: first });
    expect(aws.secretsManager.labelsOf(SecretId, second)).toEqual(['AWSPENDING', 'label-20']);
  });

  it('are 256 characters a label', async () => {
    await move('x'.repeat(256), { to: first });
    for (const label of ['', 'x'.repeat(257)]) {
      expect(await refusal(move(label, { to: first }))).toMatchObject({
        name: 'InvalidParameterException',
      });
    }
  });

  it('are 64 KiB a value, counted in bytes', async () => {
    await put(crypto.randomUUID(), 'x'.repeat(65_536));
    for (const value of ['', 'x'.repeat(65_537), 'é'.repeat(32_769)]) {
      expect(await refusal(put(crypto.randomUUID(), value))).toMatchObject({
        name: 'InvalidParameterException',
      });
    }
  });
});
