import { GetPolicyCommand, InvokeCommand, type InvokeCommandInput } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const name = 'amplitude-dev-emergency';
const arn = `arn:aws:lambda:us-east-1:111122223333:function:${name}`;
let aws: FakeAws;

beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
});

async function invoke(body: object, over: Partial<InvokeCommandInput> = {}) {
  const Payload = new TextEncoder().encode(JSON.stringify(body));
  const command = new InvokeCommand({ FunctionName: name, Payload, ...over });
  const { Payload: answer, ...more } = await aws.clients.lambda.send(command);
  return { ...more, answer: JSON.parse(new TextDecoder().decode(answer)) };
}

describe('an invoked function', () => {
  it('gets the payload and answers, by its name or its ARN', async () => {
    aws.functions.set(name, async (event) => ({ got: event }));
    for (const FunctionName of [name, arn]) {
      expect(await invoke({ action: 'lockdown' }, { FunctionName })).toMatchObject({
        StatusCode: 200,
        answer: { got: { action: 'lockdown' } },
      });
    }
    expect(aws.lambda.payloads).toEqual([{ action: 'lockdown' }, { action: 'lockdown' }]);
    expect(aws.countOf('Invoke')).toBe(2);
  });

  it('calls AWS before it has answered', async () => {
    aws.secretsManager.seedSecret({ name: 'web', value: 'first' });
    aws.functions.set(name, async () => {
      const get = new GetSecretValueCommand({ SecretId: 'web' });
      return (await aws.clients.secretsManager.send(get)).SecretString;
    });
    expect((await invoke({})).answer).toBe('first');
    expect(aws.calls.map(({ command }) => command)).toEqual(['Invoke', 'GetSecretValue']);
  });

  it('that throws is a function error with its type and message', async () => {
    aws.functions.set(name, async () => {
      throw new TypeError('no');
    });
    expect(await invoke({})).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      answer: { errorType: 'TypeError', errorMessage: 'no' },
    });
  });

  it('that answers nothing answers null', async () => {
    aws.functions.set(name, async () => undefined);
    expect((await invoke({})).answer).toBeNull();
  });
});

describe('an event', () => {
  const send = (body: object) =>
    aws.clients.lambda.send(
      new InvokeCommand({
        FunctionName: name,
        InvocationType: 'Event',
        Payload: new TextEncoder().encode(JSON.stringify(body)),
      }),
    );

  it('waits, and meets the function once', async () => {
    const met: unknown[] = [];
    aws.functions.set(name, async (event) => met.push(event));
    expect(await send({ action: 'revoke' })).toMatchObject({ StatusCode: 202 });
    expect(met).toEqual([]);
    await aws.lambda.settled();
    await aws.lambda.settled();
    expect(met).toEqual([{ action: 'revoke' }]);
  });

  it('tells nobody that the function failed', async () => {
    aws.functions.set(name, () => Promise.reject(new Error('no')));
    await send({});
    await expect(aws.lambda.settled()).resolves.toBeUndefined();
  });

  it('is not taken for a function that does not exist', async () => {
    expect(await refusal(send({}))).toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('a call of Invoke', () => {
  it('of a function that does not exist, here or elsewhere, is told so', async () => {
    const message = `Function not found: ${arn}`;
    const missing = { name: 'ResourceNotFoundException', message };
    expect(await refusal(invoke({}))).toEqual(missing);
    aws.functions.set(name, async () => ({}));
    const FunctionName = arn.replace('us-east-1', 'eu-west-1');
    expect(await refusal(invoke({}, { FunctionName }))).toEqual(missing);
  });

  it('may fail once the function has run', async () => {
    let runs = 0;
    aws.functions.set(name, async () => {
      runs += 1;
    });
    aws.faults.fail('Invoke', { error: 'timeout', when: 'after' });
    expect(await refusal(invoke({}))).toMatchObject({ name: 'TimeoutError' });
    aws.faults.fail('Invoke', { error: 'throttled' });
    expect(await refusal(invoke({}))).toMatchObject({ name: 'TooManyRequestsException' });
    expect(runs).toBe(1);
  });

  it('that only tries is refused: the fake never does', async () => {
    aws.functions.set(name, async () => ({}));
    await expect(invoke({}, { InvocationType: 'DryRun' })).rejects.toThrow('InvocationType');
  });
});

it('GetPolicy answers the policy of a function, where it has one', async () => {
  const policyOf = (FunctionName: string) =>
    aws.clients.lambda.send(new GetPolicyCommand({ FunctionName }));
  aws.lambda.policies.set(name, '{"Statement":[]}');
  expect(await policyOf(name)).toMatchObject({ Policy: '{"Statement":[]}' });
  expect(await refusal(policyOf('other'))).toMatchObject({ name: 'ResourceNotFoundException' });
});
