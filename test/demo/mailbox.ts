import { type SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';

interface Mail {
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

  /** SQS as the SDK talks to it on the wire. */
  async #call(action: string, input: object): Promise<Record<string, unknown>> {
    const scope = '000000000000/20260101/us-east-1/sqs/aws4_request';
    const response = await fetch(this.#endpoint, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}`,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${action}`,
      },
      body: JSON.stringify({ ...(this.#url ? { QueueUrl: this.#url } : {}), ...input }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${action}: ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }
}
