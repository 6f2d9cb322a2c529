import { describe, expect, it } from 'vitest';
import { snsTopic } from '../../../lambda/adapters/sns.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

function topic(format: 'text' | 'chat', subscriptions = 0) {
  const aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  const arn = aws.sns.seedTopic('amplitude-dev');
  for (let at = 0; at < subscriptions; at += 1) {
    aws.sns.seedSubscription(arn, {
      protocol: 'email',
      endpoint: `${at}@example.com`,
      confirmed: at % 2 === 0,
    });
  }
  return { aws, topic: snsTopic(aws.clients.sns, arn, format) };
}

const notice = { subject: 'x'.repeat(120), parts: [{ happened: ['One.'], todo: 'Look.' }] };

describe('the topic', () => {
  it('is told in the form that the configuration chose, with a subject that SNS takes', async () => {
    const text = topic('text');
    await text.topic.notify(notice);
    expect(text.aws.sns.published[0]).toMatchObject({
      subject: 'x'.repeat(100),
      message: 'One.\nTo do: Look.',
    });
    const chat = topic('chat');
    await chat.topic.notify(notice);
    expect(JSON.parse(chat.aws.sns.published[0]?.message ?? '')).toMatchObject({
      source: 'custom',
    });
  });

  it('tells all its subscriptions, page after page', async () => {
    const found = await topic('text', 150).topic.list();
    expect(found).toHaveLength(150);
    expect(found.filter(({ confirmed }) => confirmed)).toHaveLength(75);
  });
});
