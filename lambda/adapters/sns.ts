import {
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { Notifier, Subscription, Subscriptions } from '../domain/ports.ts';
import { awsFailure } from './aws-error.ts';

export function snsTopic(client: SNSClient, topicArn: string): Notifier & Subscriptions {
  return {
    async list() {
      try {
        return await subscriptionsOf(client, topicArn);
      } catch (error) {
        throw awsFailure('ListSubscriptionsByTopic', topicArn, error);
      }
    },
    async notify({ subject, lines }) {
      const input = {
        TopicArn: topicArn,
        Subject: subject.slice(0, 100),
        Message: lines.join('\n'),
      };
      try {
        await client.send(new PublishCommand(input));
      } catch (error) {
        throw awsFailure('Publish', topicArn, error);
      }
    },
  };
}

async function subscriptionsOf(client: SNSClient, TopicArn: string): Promise<Subscription[]> {
  const found: Subscription[] = [];
  let NextToken: string | undefined;
  do {
    const page = { TopicArn, ...(NextToken ? { NextToken } : {}) };
    const answer = await client.send(new ListSubscriptionsByTopicCommand(page));
    for (const { Endpoint = '', SubscriptionArn } of answer.Subscriptions ?? []) {
      found.push({ endpoint: Endpoint, confirmed: SubscriptionArn !== 'PendingConfirmation' });
    }
    NextToken = answer.NextToken;
  } while (NextToken);
  return found;
}
