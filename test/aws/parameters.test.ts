import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
} from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
const path = '/amplitude/dev/web/staged';
let aws: FakeAws;

beforeEach(() => {
  aws = new FakeAws({ now: NOW });
});

const put = (Name: string, more: Partial<PutParameterCommandInput> = {}) =>
  aws.clients.ssm.send(
    new PutParameterCommand({ Name, Value: 'value', Type: 'SecureString', ...more }),
  );
const get = (Name: string, WithDecryption = true) =>
  aws.clients.ssm.send(new GetParameterCommand({ Name, WithDecryption }));
const byPath = (more: { Recursive?: boolean; MaxResults?: number; NextToken?: string } = {}) =>
  aws.clients.ssm.send(new GetParametersByPathCommand({ Path: path, ...more }));

describe('a parameter', () => {
  it('is read with its version, ARN and date', async () => {
    await put(`${path}/a`);
    expect((await get(`${path}/a`)).Parameter).toEqual({
      Name: `${path}/a`,
      Type: 'SecureString',
      Value: 'value',
      Version: 1,
      LastModifiedDate: NOW,
      ARN: `arn:aws:ssm:us-east-1:111122223333:parameter${path}/a`,
      DataType: 'text',
    });
  });

  it('is ciphertext unless decryption is asked for', async () => {
    await put(`${path}/a`);
    expect((await get(`${path}/a`, false)).Parameter?.Value).not.toContain('value');
  });

  it('is overwritten only when told so', async () => {
    await put(`${path}/a`);
    expect(await refusal(put(`${path}/a`, { Value: 'other' }))).toEqual({
      name: 'ParameterAlreadyExists',
      message:
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    });
    expect(await put(`${path}/a`, { Value: 'other', Overwrite: true })).toMatchObject({
      Version: 2,
    });
    expect(aws.ssm.valueOf(`${path}/a`)).toBe('other');
  });

  it('is described with what was said of it, and has its tags', async () => {
    await put(`${path}/a`, { Description: 'web, next', Tags: [{ Key: 'by', Value: 'ann' }] });
    await put(`${path}/b`);
    const filter = { Key: 'Name', Option: 'BeginsWith', Values: [`${path}/a`] };
    const described = await aws.clients.ssm.send(
      new DescribeParametersCommand({ ParameterFilters: [filter] }),
    );
    expect(described.Parameters).toMatchObject([
      { Name: `${path}/a`, Description: 'web, next', KeyId: 'alias/aws/ssm' },
    ]);
    const tags = new ListTagsForResourceCommand({
      ResourceType: 'Parameter',
      ResourceId: `${path}/a`,
    });
    expect((await aws.clients.ssm.send(tags)).TagList).toEqual([{ Key: 'by', Value: 'ann' }]);
  });

  it('is gone once deleted, and then not found', async () => {
    await put(`${path}/a`);
    const remove = () => aws.clients.ssm.send(new DeleteParameterCommand({ Name: `${path}/a` }));
    await remove();
    for (const call of [remove, () => get(`${path}/a`)]) {
      expect(await refusal(call())).toMatchObject({ name: 'ParameterNotFound' });
    }
  });

  it.each([
    ['no slash first', 'amplitude/dev'],
    ['a blank', '/amplitude/my key'],
    ['a reserved prefix', '/aws/mine'],
    ['a slash last', '/amplitude/'],
  ])('with %s in its name is refused', async (_, name) => {
    expect(await refusal(put(name))).toMatchObject({ name: 'ValidationException' });
  });

  it('has at most 15 levels and 4 KiB', async () => {
    await put('/a'.repeat(15));
    expect(await refusal(put('/a'.repeat(16)))).toMatchObject({
      name: 'HierarchyLevelLimitExceededException',
    });
    await put('/full', { Value: 'x'.repeat(4096) });
    expect(await refusal(put('/over', { Value: 'x'.repeat(4097) }))).toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('parameters by path', () => {
  it('are the direct children, or all below when recursive', async () => {
    for (const name of [`${path}/a`, `${path}/b/c`, `${path}-other/d`]) await put(name);
    const names = async (Recursive: boolean) =>
      (await byPath({ Recursive })).Parameters?.map(({ Name }) => Name);
    expect(await names(false)).toEqual([`${path}/a`]);
    expect(await names(true)).toEqual([`${path}/a`, `${path}/b/c`]);
  });

  it('come at most 10 a page', async () => {
    for (let count = 0; count < 12; count += 1) await put(`${path}/${count}`);
    const { Parameters, NextToken = '' } = await byPath();
    const second = await byPath({ NextToken });
    expect([Parameters?.length, second.Parameters?.length]).toEqual([10, 2]);
    expect(second).not.toHaveProperty('NextToken');
    expect(await refusal(byPath({ MaxResults: 11 }))).toMatchObject({
      name: 'ValidationException',
    });
  });
});
