import { GetSecretValueCommand, TagResourceCommand } from '@aws-sdk/client-secrets-manager';
import { PublishCommand } from '@aws-sdk/client-sns';
import pLimit from 'p-limit';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
const SecretId = 'amplitude/dev/web';
let aws: FakeAws;

const elapsed = () => aws.clock.now().getTime() - NOW.getTime();
const read = (id = SecretId) =>
  aws.clients.secretsManager.send(new GetSecretValueCommand({ SecretId: id }));
const tag = (Value: string) =>
  aws.clients.secretsManager.send(
    new TagResourceCommand({ SecretId, Tags: [{ Key: 'a', Value }] }),
  );

beforeEach(() => {
  aws = new FakeAws({ now: NOW });
  aws.secretsManager.seedSecret({ name: SecretId, value: 'first' });
});

describe('calls', () => {
  it('take no time unless told', async () => {
    await Promise.all([read(), read()]);
    expect([elapsed(), aws.mostInFlight]).toEqual([0, 0]);
  });

  it('take their time one after the other, or at once', async () => {
    aws.takeTime(100);
    await read();
    await read();
    expect([elapsed(), aws.mostInFlight]).toEqual([200, 1]);
    await Promise.all([read(), read(), read()]);
    expect([elapsed(), aws.mostInFlight]).toEqual([300, 3]);
  });

  it('are answered in the order of their ends, whichever was sent first', async () => {
    const TopicArn = aws.sns.seedTopic('amplitude-dev');
    aws.takeTime((service) => (service === 'sns' ? 50 : 20));
    const answers: string[] = [];
    const publish = new PublishCommand({ TopicArn, Message: 'Rotated' });
    const slow = aws.clients.sns.send(publish).then(() => answers.push(`sns at ${elapsed()}`));
    const quick = read()
      .then(() => read())
      .then(() => answers.push(`two reads at ${elapsed()}`));
    await Promise.all([slow, quick]);
    expect(answers).toEqual(['two reads at 40', 'sns at 50']);
  });

  it('have their effect when they are sent', async () => {
    aws.takeTime(100);
    const writing = tag('on');
    expect(aws.secretsManager.tagsOf(SecretId)).toEqual({ a: 'on' });
    await writing;
  });

  it('that fail take their time too', async () => {
    aws.takeTime(100);
    expect(await refusal(read('other'))).toMatchObject({ name: 'ResourceNotFoundException' });
    expect(elapsed()).toBe(100);
  });

  it('do not turn back a clock that a test moved on meanwhile', async () => {
    aws.takeTime(100);
    const reading = read();
    aws.clock.advance(1_000);
    await reading;
    expect(elapsed()).toBe(1_000);
  });
});

describe('request rates with calls that take time', () => {
  const tagThousand = async (atOnce: number) => {
    const limit = pLimit(atOnce);
    const names = Array.from({ length: 1_000 }, (_, index) => `${index}`);
    return Promise.all(names.map((name) => limit(() => refusal(tag(name)))));
  };

  beforeEach(() => {
    aws.limits.enable();
    aws.takeTime(100);
  });

  it('are kept by few calls at once, however many there are', async () => {
    const names = (await tagThousand(5)).map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(['no error']));
    expect([elapsed(), aws.mostInFlight]).toEqual([20_000, 5]);
  });

  it('are exceeded by too many', async () => {
    const names = (await tagThousand(10)).map(({ name }) => name);
    expect(names).toContain('ThrottlingException');
  });

  it('count a call when it is sent', async () => {
    const sent = Array.from({ length: 51 }, () => refusal(tag('on')));
    const names = (await Promise.all(sent)).map(({ name }) => name);
    expect(names.slice(-2)).toEqual(['no error', 'ThrottlingException']);
  });
});
