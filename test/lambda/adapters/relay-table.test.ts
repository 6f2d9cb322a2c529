import { beforeEach, describe, expect, it } from 'vitest';
import { modelsTable } from '../../../lambda/adapters/relay-table.ts';
import { relayTable } from '../../../lambda/contract.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

const table = 'relay';
let aws: FakeAws;

beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  aws.dynamoDb.seedTable(table, relayTable.id);
});

const models = () =>
  modelsTable({
    client: aws.clients.dynamoDb,
    table,
    now: () => aws.clock.now(),
    atOnce: () => (work) => work(),
    backoffMs: 0,
  });
const of = async (...traces: string[]) => Object.fromEntries(await models().of(traces));

describe('models of executions', () => {
  it('are added to, and told in alphabetical order, of the traces that are known', async () => {
    await models().add('a', ['m3', 'm1']);
    await models().add('a', ['m2', 'm1']);
    await models().add('b', ['m4']);
    expect(await of('a', 'b', 'c', 'a')).toEqual({ a: ['m1', 'm2', 'm3'], b: ['m4'] });
  });

  it('may be none, of no trace', async () => {
    await models().add('a', []);
    expect(await of()).toEqual({});
    expect(aws.calls).toEqual([]);
  });

  it('of one trace do not grow without end', async () => {
    for (let at = 0; at < 60; at += 1) await models().add('a', [`m${at}`]);
    expect((await of('a')).a).toHaveLength(20);
  });

  it('that DynamoDB leaves unread are asked for again', async () => {
    const traces = Array.from({ length: 120 }, (_, at) => `t${at}`);
    for (const trace of traces) await models().add(trace, ['m']);
    aws.dynamoDb.unread = 150;
    expect(Object.keys(await of(...traces))).toHaveLength(120);
  });

  it('that DynamoDB leaves unread again and again are an error', async () => {
    aws.dynamoDb.unread = 1_000;
    await expect(of('a')).rejects.toMatchObject({ code: 'THROTTLED' });
    expect(aws.countOf('BatchGetItem')).toBe(6);
  });

  it.each(['UpdateItem', 'BatchGetItem'])('are an error where %s is refused', async (call) => {
    aws.faults.fail(call, { error: 'access-denied' });
    const work = call === 'UpdateItem' ? models().add('a', ['m']) : of('a');
    await expect(work).rejects.toMatchObject({ code: 'ACCESS_DENIED', fields: { call } });
  });
});
