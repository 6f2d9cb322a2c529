import { createInstance } from '@amplitude/analytics-node';
import { variable } from '../../lambda/contract.ts';
import type { AmplitudeEvent, RelayEvent } from '../../lambda/domain/relay/relay-event.ts';
import { relaySender } from '../../lambda/handlers/relay-sender.ts';
import { createRelaySenderRuntime } from '../../lambda/relay-sender-runtime.ts';
import { worker } from '../../lambda/worker.ts';
import { runEvent } from '../lambda/relay.ts';
import type { World } from '../lambda/world.ts';

export const BATCH = 1_000;

/** Sends a batch, and ends once Amplitude answered. @returns how many it took */
export type Send = (batch: readonly RelayEvent[]) => Promise<number>;

/** Executions with all their properties, their model among them. */
export const executions = (count: number): RelayEvent[] =>
  Array.from({ length: count }, () =>
    runEvent({
      event_properties: {
        workflow_id: '7e3f4a52-0000-4000-8000-00000000f001',
        model_used: 'gpt-4o',
        app: 'Support bot',
        app_id: '7e3f4a52-0000-4000-8000-00000000a001',
        status: 'succeeded',
        duration: 2.5,
        tokens: 100,
        version: '2026-09-01 08:15:30.123456',
        triggered_from: 'app-run',
      },
    }),
  );

export const batchesOf = <One>(all: readonly One[]): One[][] =>
  Array.from({ length: Math.ceil(all.length / BATCH) }, (_, at) =>
    all.slice(at * BATCH, (at + 1) * BATCH),
  );

/** The relay's sender in a container of its own, handed batches as Lambda hands them. */
export function relaySending(world: World, ingestion: string): Send {
  const endpoints = { US: { ingestion, developer: ingestion, dashboard: ingestion } };
  const variables = {
    ...world.variables,
    [variable.endpoints]: JSON.stringify({ ...endpoints, EU: endpoints.US }),
  };
  const { clients, clock } = world.aws;
  const wiring = { clients, clock, variables, sleep: async () => {} };
  const handler = worker('relay-sender', relaySender, () => createRelaySenderRuntime(wiring));
  return async (batch) => {
    const Records = batch.map((event, at) => ({
      messageId: String(at),
      body: JSON.stringify(event),
      attributes: { ApproximateReceiveCount: '1' },
    }));
    const { batchItemFailures } = await handler({ Records }, { awsRequestId: 'run-1' });
    return batch.length - batchItemFailures.length;
  };
}

/** Amplitude's own SDK, told to send as many at once to the same endpoint. */
export function sdkSending(apiKey: string, ingestion: string): Send {
  const sdk = createInstance();
  const ready = sdk.init(apiKey, {
    serverUrl: `${ingestion}/batch`,
    useBatch: true,
    flushQueueSize: BATCH,
    logLevel: 0,
  });
  return async (batch) => {
    await ready.promise;
    const answers = batch.map(({ event }) => track(sdk, event));
    await sdk.flush().promise;
    return (await Promise.all(answers)).filter(({ code }) => code === 200).length;
  };
}

type Sdk = ReturnType<typeof createInstance>;

const track = (sdk: Sdk, { event_type, event_properties, ...options }: AmplitudeEvent) =>
  sdk.track(event_type, event_properties, options).promise;
