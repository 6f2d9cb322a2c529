import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { HttpAnswer } from '../../lambda/adapters/http-answer.ts';
import {
  guardTableName,
  relayPath,
  relaySecretField,
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
import { httpEvent, type Sent } from './http-event.ts';
import { RELAY_TOKEN } from './relay.ts';
import type { World } from './world.ts';

export const TOKENS = {
  first: RELAY_TOKEN,
  second: 'the-second-token-of-the-relay',
  third: 'the-third-token-of-the-relay',
} as const;

export type Intake = ReturnType<typeof intakeIn>;

/**
 * The intake of a world's relay, as Dify and others meet it.
 * @param isGuarded whether it is told of the access guard's table
 */
export function intakeIn({ aws, variables, relay }: World, isGuarded = false) {
  const told = {
    ...variables,
    ...(isGuarded ? { [variable.guardTable]: guardTableName('dev') } : {}),
  };
  const wiring = { clients: aws.clients, clock: aws.clock, variables: told, awsBackoffMs: 0 };
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
    variables: told as Record<string, string | undefined>,
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
    queued: (): RelayEvent[] => relay.queue.messages.map(({ body }) => JSON.parse(body)),
    /** Models by trace, in the order in which their calls ended. */
    models: (): Record<string, readonly string[]> =>
      Object.fromEntries(
        [...aws.dynamoDb.itemsOf(relayTableName('dev'))].map(([id, { models }]) => [
          id,
          (models?.SS ?? []).toSorted().map((call) => call.replace(/^\d+ /, '')),
        ]),
      ),
    /** As `keyctl relay token` does: two are accepted then. */
    changeToken: (to: string) =>
      aws.secretsManager.putByHand(
        relayTokenName('dev'),
        JSON.stringify({ [relaySecretField.token]: to }),
      ),
  };
}

type Traces = { readonly form?: Form } & Partial<Sent>;
const TYPES = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export const tracesOf = (spans: readonly ReadableSpan[], form: Form = 'protobuf'): Sent => ({
  path: relayPath.traces,
  body: otlpRequest(form, spans),
  headers: { ...bearer(TOKENS.first), 'content-type': TYPES[form] },
});
