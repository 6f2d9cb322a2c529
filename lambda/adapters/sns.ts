import {
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { NotificationFormat } from '../contract.ts';
import type { Notifier, Subscription, Subscriptions } from '../domain/ports.ts';
import { awsFailure } from './aws-error.ts';
import { chatMessage, textMessage } from './notice-message.ts';

export function snsTopic(
  client: SNSClient,
  topicArn: string,
  format: NotificationFormat,
): Notifier & Subscriptions {
  return {
    async list() {
      try {
        return await subscriptionsOf(client, topicArn);
      } catch (error) {
        throw awsFailure('ListSubscriptionsByTopic', topicArn, error);
      }
    },
    async notify(notice) {
      const Message = format === 'chat' ? chatMessage(notice) : textMessage(notice);
      const input = { TopicArn: topicArn, Subject: asciiOf(notice.subject), Message };
      try {
        await client.send(new PublishCommand(input));
      } catch (error) {
        throw awsFailure('Publish', topicArn, error);
      }
    },
  };
}

/**
 * A subject may name what a caller chose, and one in other letters is refused as a whole.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
const asciiOf = (subject: string) => subject.replace(/[^ -~]/g, '?').slice(0, 100);

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
