import { beforeEach, describe, expect, it } from 'vitest';
import { modelsTable } from '../../../lambda/adapters/relay-models.ts';
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
const call = (model: string, slotMs = 5_000) => ({ model, slotMs });
const of = async (...traces: string[]) => Object.fromEntries(await models().of(traces));

describe('calls of models', () => {
  it('are added to, each once, and told in their order of the traces that are known', async () => {
    await models().add('a', [call('m3'), call('@cf/meta/llama 3', 0)]);
    await models().add('a', [call('m3', 10_000), call('m3')]);
    await models().add('b', [call('m4')]);
    const told = await of('a', 'b', 'c', 'a');
    expect(Object.keys(told)).toEqual(['a', 'b']);
    expect(told.a).toEqual([call('@cf/meta/llama 3', 0), call('m3'), call('m3', 10_000)]);
    expect(told.b).toEqual([call('m4')]);
  });

  it('may be none, of no trace', async () => {
    await models().add('a', []);
    expect(await of()).toEqual({});
    expect(aws.calls).toEqual([]);
  });

  it('of one trace do not grow without end', async () => {
    for (let at = 0; at < 210; at += 1) await models().add('a', [call(`m${at}`)]);
    expect((await of('a')).a).toHaveLength(200);
  });

  it('that DynamoDB leaves unread are asked for again', async () => {
    const traces = Array.from({ length: 120 }, (_, at) => `t${at}`);
    for (const trace of traces) await models().add(trace, [call('m')]);
    aws.dynamoDb.unread = 150;
    expect(Object.keys(await of(...traces))).toHaveLength(120);
  });

  it('that DynamoDB leaves unread again and again are an error', async () => {
    aws.dynamoDb.unread = 1_000;
    await expect(of('a')).rejects.toMatchObject({ code: 'THROTTLED' });
    expect(aws.countOf('BatchGetItem')).toBe(6);
  });

  it.each(['UpdateItem', 'BatchGetItem'])('are an error where %s is refused', async (command) => {
    aws.faults.fail(command, { error: 'access-denied' });
    const work = command === 'UpdateItem' ? models().add('a', [call('m')]) : of('a');
    await expect(work).rejects.toMatchObject({ code: 'ACCESS_DENIED', fields: { call: command } });
  });
});
