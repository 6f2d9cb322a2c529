import {
  InvalidParameterException,
  type ListSubscriptionsByTopicInput,
  NotFoundException,
  type PublishInput,
} from '@aws-sdk/client-sns';
import type { Clock } from './clock.ts';
import { raise } from './errors.ts';
import type { Ids } from './ids.ts';
import { defined, type Operations, operation } from './operation.ts';
import { page } from './paging.ts';
import type { FakeService } from './pipeline.ts';
import type { Place } from './place.ts';

export interface Publication {
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly at: Date;
}

export interface SubscriptionSeed {
  readonly protocol: string;
  readonly endpoint: string;
  /** An e-mail address is one only after its owner followed the link. */
  readonly confirmed: boolean;
}

interface Subscription extends SubscriptionSeed {
  readonly arn: string;
}

const PAGE = 100;

export class FakeSns implements FakeService {
  readonly name = 'sns';
  readonly operations: Operations;
  /** What was published, oldest first. */
  readonly published: Publication[] = [];
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #place: Place;
  readonly #topics = new Map<string, Subscription[]>();

  constructor(clock: Clock, ids: Ids, place: Place) {
    this.#clock = clock;
    this.#ids = ids;
    this.#place = place;
    this.operations = {
      Publish: operation<PublishInput, 'TopicArn' | 'Message'>(
        ['TopicArn', 'Message'],
        ['Subject'],
        (input) => this.#publish(input.TopicArn, input.Subject, input.Message),
      ),
      ListSubscriptionsByTopic: operation<ListSubscriptionsByTopicInput, 'TopicArn'>(
        ['TopicArn'],
        ['NextToken'],
        ({ TopicArn, NextToken }) => this.#list(TopicArn, NextToken),
      ),
    };
  }

  /** @returns its ARN */
  seedTopic(name: string): string {
    const { region, account } = this.#place;
    const arn = `arn:aws:sns:${region}:${account}:${name}`;
    this.#topics.set(arn, []);
    return arn;
  }

  seedSubscription(topicArn: string, seed: SubscriptionSeed): void {
    this.#find(topicArn).push({ ...seed, arn: `${topicArn}:${this.#ids.uuid()}` });
  }

  #publish(topicArn: string, subject: string | undefined, message: string) {
    this.#find(topicArn);
    if (subject !== undefined) checkSubject(subject);
    if (message === '') raise(InvalidParameterException, 'Invalid parameter: Empty message');
    if (Buffer.byteLength(message) > 256 * 1024) {
      raise(InvalidParameterException, 'Invalid parameter: Message too long');
    }
    this.published.push({ topicArn, subject, message, at: this.#clock.now() });
    return { MessageId: this.#ids.uuid() };
  }

  #list(topicArn: string, token: string | undefined) {
    const { items, ...more } = page(this.#find(topicArn), PAGE, token, () =>
      raise(InvalidParameterException, 'Invalid parameter: NextToken'),
    );
    const Subscriptions = items.map(({ arn, protocol, endpoint, confirmed }) => ({
      SubscriptionArn: confirmed ? arn : 'PendingConfirmation',
      Owner: this.#place.account,
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn: topicArn,
    }));
    return defined({ Subscriptions, ...more });
  }

  #find(topicArn: string): Subscription[] {
    return this.#topics.get(topicArn) ?? raise(NotFoundException, 'Topic does not exist', 404);
  }
}

/** The narrower of AWS's two wordings: printable ASCII that starts with no blank, 100 characters at most. */
function checkSubject(subject: string): void {
  if (!/^[!-~][ -~]{0,99}$/.test(subject)) {
    raise(InvalidParameterException, 'Invalid parameter: Subject');
  }
}
