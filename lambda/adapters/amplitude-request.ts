import * as z from 'zod/mini';
import type { AmplitudeEndpoints, DataResidency } from '../contract.ts';
import type { Credential } from '../domain/ports.ts';
import type { Check, VendorAnswer, VendorWord } from '../domain/verdict.ts';
import { readBody } from './response-body.ts';

/** Amplitude's answers are far smaller; whatever is longer is somebody else's page. */
const MAX_BODY_BYTES = 64 * 1024;

interface VendorRequest {
  readonly url: string;
  readonly init: RequestInit;
}

/**
 * One request, reduced to status and known words: the body echoes a bad key, so none of it goes on.
 * A redirect is not followed, since it would carry the key elsewhere.
 */
export async function askAmplitude(
  check: Check,
  credential: Credential,
  endpoints: AmplitudeEndpoints,
  region: DataResidency,
  timeoutMs: number,
): Promise<VendorAnswer> {
  const { url, init } = requestFor(check, credential, endpoints);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    const { status } = response;
    return {
      endpoint: url,
      region,
      httpStatus: status,
      ...reduced(check, status, await readBody(response, MAX_BODY_BYTES)),
    };
  } catch {
    return { endpoint: url, region, word: signal.aborted ? 'timeout' : 'unreachable' };
  }
}

function requestFor(
  check: Check,
  { value, apiKey }: Credential,
  { developer, ingestion, dashboard }: AmplitudeEndpoints,
): VendorRequest {
  if (check === 'query') {
    return post(`${developer}/v1/events/check-recent-ingestion`, { api_key: value.reveal() });
  }
  if (check === 'canary') {
    const events = [canaryEvent(value.fingerprint)];
    return post(`${ingestion}/2/httpapi`, { api_key: value.reveal(), events });
  }
  const pair = Buffer.from(`${apiKey?.reveal() ?? ''}:${value.reveal()}`).toString('base64');
  return {
    url: `${dashboard}/api/3/annotations`,
    init: { headers: { authorization: `Basic ${pair}` } },
  };
}

/** insert_id and device_id together make Amplitude count repeats within 7 days once. */
function canaryEvent(fingerprint: string) {
  return {
    event_type: 'amplitude_keys_canary',
    device_id: 'amplitude-keys',
    insert_id: `canary-${fingerprint}`,
  };
}

function post(url: string, body: unknown): VendorRequest {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return { url, init: { method: 'POST', headers, body: JSON.stringify(body) } };
}

const known = z.object({
  data: z.object({ status: z.enum(['observed', 'not_observed', 'inconclusive']) }),
});
const ingested = z.object({ code: z.literal(200) });
const annotations = z.object({ data: z.array(z.unknown()) });
const queryError = z.object({ error_code: z.enum(['invalid_api_key', 'operation_not_enabled']) });
const canaryError = z.object({ error: z.string().check(z.startsWith('Invalid API key')) });

/** Known words of the body, and nothing else of it. */
function reduced(
  check: Check,
  status: number,
  body: string,
): Pick<VendorAnswer, 'word' | 'traffic'> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { word: 'not_json' };
  }
  const traffic = known.safeParse(json).data?.data.status;
  if (check === 'query' && status === 200 && traffic) return { word: 'known', traffic };
  const word = wordOf(check, status, json);
  return word ? { word } : {};
}

function wordOf(check: Check, status: number, json: unknown): VendorWord | undefined {
  if (check === 'query') return queryError.safeParse(json).data?.error_code;
  if (check === 'canary') {
    if (status === 200 && ingested.safeParse(json).success) return 'ingested';
    return canaryError.safeParse(json).success ? 'invalid_api_key' : undefined;
  }
  return status === 200 && annotations.safeParse(json).success ? 'authenticated' : undefined;
}
