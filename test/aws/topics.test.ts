import { ListSubscriptionsByTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
let aws: FakeAws;
let TopicArn: string;

beforeEach(() => {
  aws = new FakeAws({ now: NOW });
  TopicArn = aws.sns.seedTopic('amplitude-dev');
});

const publish = (Message: string, Subject = 'Rotated') =>
  aws.clients.sns.send(new PublishCommand({ TopicArn, Subject, Message }));

describe('a publication', () => {
  it('is kept with its subject and time', async () => {
    await publish('The key web was rotated.');
    expect(aws.sns.published).toEqual([
      { topicArn: TopicArn, subject: 'Rotated', message: 'The key web was rotated.', at: NOW },
    ]);
  });

  it('to a topic that does not exist is refused', async () => {
    const input = { TopicArn: `${TopicArn}-other`, Message: 'Rotated' };
    expect(await refusal(aws.clients.sns.send(new PublishCommand(input)))).toEqual({
      name: 'NotFoundException',
      message: 'Topic does not exist',
    });
  });

  it.each([
    ['101 characters', 'x'.repeat(101)],
    ['a line break', 'Rotated\nweb'],
    ['more than ASCII', 'Rotated · web'],
    ['nothing', ''],
  ])('with a subject of %s is refused', async (_, subject) => {
    expect(await refusal(publish('message', subject))).toEqual({
      name: 'InvalidParameterException',
      message: 'Invalid parameter: Subject',
    });
  });

  it('has 1 byte to 256 KiB', async () => {
    await publish('x'.repeat(262_144));
    for (const message of ['', 'x'.repeat(262_145)]) {
      expect(await refusal(publish(message))).toMatchObject({ name: 'InvalidParameterException' });
    }
  });
});

describe('subscriptions', () => {
  it('of an e-mail address await its confirmation', async () => {
    const people = ['ann', 'bob'].map((name) => `${name}@example.com`);
    for (const [index, endpoint] of people.entries()) {
      aws.sns.seedSubscription(TopicArn, { protocol: 'email', endpoint, confirmed: index === 0 });
    }
    const list = new ListSubscriptionsByTopicCommand({ TopicArn });
    const { Subscriptions } = await aws.clients.sns.send(list);
    expect(
      Subscriptions?.map(({ Endpoint, SubscriptionArn }) => [Endpoint, SubscriptionArn]),
    ).toEqual([
      ['ann@example.com', expect.stringContaining(`${TopicArn}:`)],
      ['bob@example.com', 'PendingConfirmation'],
    ]);
  });

  it('come 100 a page', async () => {
    for (let count = 0; count < 101; count += 1) {
      const endpoint = `person-${count}@example.com`;
      aws.sns.seedSubscription(TopicArn, { protocol: 'email', endpoint, confirmed: true });
    }
    const list = (token?: string) =>
      aws.clients.sns.send(
        new ListSubscriptionsByTopicCommand({ TopicArn, ...(token ? { NextToken: token } : {}) }),
      );
    const first = await list();
    const second = await list(first.NextToken);
    expect([first.Subscriptions?.length, second.Subscriptions?.length]).toEqual([100, 1]);
  });
});
