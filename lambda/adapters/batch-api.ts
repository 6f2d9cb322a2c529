import type { AmplitudeEndpoints, DataResidency } from '../contract.ts';
import type { AmplitudeEvent } from '../domain/relay/relay-event.ts';
import type { BatchApi, Sent } from '../domain/relay/sender/ports.ts';
import { sentOf } from './batch-answer.ts';
import { readBody } from './response-body.ts';

export interface BatchApiOptions {
  readonly dataResidency: DataResidency;
  readonly endpoints: Readonly<Record<DataResidency, Pick<AmplitudeEndpoints, 'ingestion'>>>;
  /** @default 20000 ms for one request, its answer included */
  readonly timeoutMs?: number;
}

/** The longest answers name every user of a batch; whatever is longer is somebody else's page. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Of ids that are shorter than five characters it would else remove the field. */
const OPTIONS = { min_id_length: 1 } as const;

/**
 * Amplitude's Batch API, at `/batch` of the host that takes single events too: `api2.amplitude.com`,
 * `api.eu.amplitude.com`. https://amplitude.com/docs/apis/analytics/batch-event-upload
 */
export function batchApi({
  dataResidency,
  endpoints,
  timeoutMs = 20_000,
}: BatchApiOptions): BatchApi {
  const url = `${endpoints[dataResidency].ingestion}/batch`;
  return {
    async send(key, events) {
      const body = JSON.stringify({ api_key: key.reveal(), events, options: OPTIONS });
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        return await post(url, body, signal, events);
      } catch {
        return { outcome: 'unavailable', reason: signal.aborted ? 'timeout' : 'unreachable' };
      }
    },
  };
}

/** A redirect is not followed, since it would carry the key elsewhere. */
async function post(
  url: string,
  body: string,
  signal: AbortSignal,
  events: readonly AmplitudeEvent[],
): Promise<Sent> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const init = { method: 'POST', headers, body, redirect: 'manual', signal } as const;
  const response = await fetch(url, init);
  return sentOf(response.status, await readBody(response, MAX_BODY_BYTES), events);
}
