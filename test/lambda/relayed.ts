import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { HttpAnswer } from '../../lambda/adapters/http-answer.ts';
import {
  guardTableName,
  type RelaySettings,
  relayDigestKeyName,
  relayPath,
  relayQueueName,
  relaySecretField,
  relayTable,
  relayTableName,
  relayTokenName,
  variable,
} from '../../lambda/contract.ts';
import type { Form } from '../../lambda/domain/relay/intake/form.ts';
import type { RelayEvent } from '../../lambda/domain/relay/relay-event.ts';
import { relayIntake } from '../../lambda/handlers/relay-intake.ts';
import {
  createRelayIntakeRuntime,
  type RelayIntakeRuntime,
} from '../../lambda/relay-intake-runtime.ts';
import { worker } from '../../lambda/worker.ts';
import { otlpRequest } from '../otlp-requests.ts';
import { SETTINGS } from './domain/relay/shaping.ts';
import { httpEvent, type Sent } from './http-event.ts';
import type { World } from './world.ts';

export const TOKENS = {
  first: 'the-first-token-of-the-relay',
  second: 'the-second-token-of-the-relay',
  third: 'the-third-token-of-the-relay',
} as const;
export const DIGEST_KEY = 'the-key-of-the-digests-of-user-ids';

const TYPES = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;

export interface RelayedOptions {
  readonly settings?: Partial<RelaySettings>;
  /** Whether the intake is told of the access guard's table. @default false */
  readonly isGuarded?: boolean;
}

export type Relayed = ReturnType<typeof relayed>;

/** The relay's intake in a world, with its queue, table and secrets. */
export function relayed({ aws, variables }: World, options: RelayedOptions = {}) {
  const { settings = {}, isGuarded = false } = options;
  aws.dynamoDb.seedTable(relayTableName('dev'), relayTable.id);
  const queue = aws.sqs.seedQueue(relayQueueName('dev'), { delaySeconds: 10 });
  const [token, digestKey] = [relayTokenName('dev'), relayDigestKeyName('dev')];
  aws.secretsManager.seedSecret({ name: token, value: tokenValue(TOKENS.first) });
  const value = JSON.stringify({ [relaySecretField.digestKey]: DIGEST_KEY });
  aws.secretsManager.seedSecret({ name: digestKey, value });
  const wiring = {
    clients: aws.clients,
    clock: aws.clock,
    variables: {
      ...variables,
      [variable.relay]: JSON.stringify({ ...SETTINGS, ...settings }),
      [variable.relayQueueUrl]: queue.url,
      ...(isGuarded ? { [variable.guardTable]: guardTableName('dev') } : {}),
    },
    backoffMs: 0,
  };
  /** Another container of the function, in which something may be otherwise. */
  const start = (otherwise: Partial<RelayIntakeRuntime> = {}) => {
    const handler = worker('relay-intake', relayIntake, () => ({
      ...createRelayIntakeRuntime(wiring),
      ...otherwise,
    }));
    return async (sent: Sent): Promise<HttpAnswer> =>
      handler(httpEvent(sent), { awsRequestId: 'run-1' });
  };
  const send = start();
  return {
    start,
    send,
    /** The environment of containers to come. */
    variables: wiring.variables as Record<string, string | undefined>,
    /** Spans as OpenTelemetry's exporter sends them, all in one request. */
    traces: (spans: readonly ReadableSpan[], { form = 'protobuf', ...more }: Traces = {}) =>
      send({ ...tracesOf(spans, form), ...more }),
    /** As Dify's HTTP node posts. */
    events: (body: unknown, more: Partial<Sent> = {}) =>
      send({
        path: relayPath.events,
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { ...bearer(TOKENS.first), 'content-type': TYPES.json },
        ...more,
      }),
    /** What waits in the queue. */
    queued: (): RelayEvent[] => queue.messages.map(({ body }) => JSON.parse(body)),
    /** Models by trace. */
    models: (): Record<string, readonly string[]> =>
      Object.fromEntries(
        [...aws.dynamoDb.itemsOf(relayTableName('dev'))].map(([id, { models }]) => [
          id,
          (models?.SS ?? []).toSorted(),
        ]),
      ),
    /** As `keyctl relay token` does: two are accepted then. */
    changeToken: (to: string) => aws.secretsManager.putByHand(token, tokenValue(to)),
  };
}

type Traces = { readonly form?: Form } & Partial<Sent>;

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export const tracesOf = (spans: readonly ReadableSpan[], form: Form = 'protobuf'): Sent => ({
  path: relayPath.traces,
  body: otlpRequest(form, spans),
  headers: { ...bearer(TOKENS.first), 'content-type': TYPES[form] },
});

const tokenValue = (token: string) => JSON.stringify({ [relaySecretField.token]: token });
