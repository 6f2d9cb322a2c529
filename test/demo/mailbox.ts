import { type SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { sqs } from './sqs.ts';

export interface Mail {
  readonly Subject?: string;
  readonly Message: string;
}

/** A queue behind the topic, in place of somebody's mail. */
export class Mailbox {
  readonly #endpoint: string;
  #url = '';

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  async open(sns: SNSClient, TopicArn: string) {
    const { QueueUrl } = await this.#call('CreateQueue', { QueueName: 'mailbox' });
    this.#url = String(QueueUrl);
    const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:mailbox';
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  }

  /** What arrived since the last look. */
  async empty(): Promise<Mail[]> {
    const found: Mail[] = [];
    while (true) {
      const answer = await this.#call('ReceiveMessage', { MaxNumberOfMessages: 10 });
      const messages = (answer.Messages ?? []) as { Body: string; ReceiptHandle: string }[];
      if (messages.length === 0) return found;
      for (const { Body, ReceiptHandle } of messages) {
        found.push(JSON.parse(Body));
        await this.#call('DeleteMessage', { ReceiptHandle });
      }
    }
  }

  #call(action: string, input: object): Promise<Record<string, unknown>> {
    const of = this.#url ? { QueueUrl: this.#url } : {};
    return sqs(this.#endpoint, action, { ...of, ...input });
  }
}
