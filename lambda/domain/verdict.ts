import type { DataResidency } from '../contract.ts';
import type { VerdictReport, VerdictWord } from '../payloads.ts';

/** What one request to Amplitude answered; the body is already parsed and reduced to known words. */
export interface VendorAnswer {
  readonly endpoint: string;
  readonly region: DataResidency;
  /** Absent when no HTTP answer came. */
  readonly httpStatus?: number;
  /** Amplitude's own machine-readable word, or what kept the answer from being one. */
  readonly word?: VendorWord;
  /** Of a known key: whether its project had events of late, by whichever of its keys. */
  readonly traffic?: Traffic;
}

export type Traffic = 'observed' | 'not_observed' | 'inconclusive';

export type VendorWord =
  | 'known'
  | 'ingested'
  | 'authenticated'
  | 'invalid_api_key'
  | 'operation_not_enabled'
  | 'timeout'
  | 'unreachable'
  | 'not_json';

/** Which door was asked; it decides what an HTTP status means. */
export type Check = 'query' | 'canary' | 'secret';

export interface Verdict {
  readonly word: VerdictWord;
  readonly check: Check;
  readonly answer: VendorAnswer;
  /** Of a rejection: what the other region said of the same key. */
  readonly otherRegion?: { readonly region: DataResidency; readonly word: VerdictWord };
}

const ACCEPTED_BY: Record<Check, VendorWord> = {
  query: 'known',
  canary: 'ingested',
  secret: 'authenticated',
};

/**
 * Accepted and rejected are only what Amplitude documents as such; whatever else, HTML from a
 * firewall included, is unknown: it neither promotes nor retires a key.
 */
export function judge(check: Check, answer: VendorAnswer): VerdictWord {
  if (answer.httpStatus === 200 && answer.word === ACCEPTED_BY[check]) return 'accepted';
  return isRejection(check, answer) ? 'rejected' : 'unknown';
}

function isRejection(check: Check, { httpStatus, word }: VendorAnswer): boolean {
  if (check === 'query') return httpStatus === 401 && word === 'invalid_api_key';
  if (check === 'canary') return httpStatus === 400 && word === 'invalid_api_key';
  return httpStatus === 401 || httpStatus === 403;
}

/** Worth asking again within this step: nobody answered, or asked us to wait. */
export function isPassing(answer: VendorAnswer): boolean {
  const { httpStatus, word } = answer;
  if (httpStatus === undefined || word === 'not_json') return true;
  return httpStatus === 429 || httpStatus >= 500;
}

/** The verdict in a person's words, with the HTTP status and what to do about it. */
export function explain(verdict: Verdict): VerdictReport {
  const { word, answer } = verdict;
  const [explanation, remedy] =
    word === 'accepted'
      ? [accepted(verdict)]
      : word === 'rejected'
        ? rejected(verdict)
        : unknown(verdict);
  return {
    verdict: word,
    explanation,
    endpoint: answer.endpoint,
    ...(remedy === undefined ? {} : { remedy }),
    ...(answer.httpStatus === undefined ? {} : { httpStatus: answer.httpStatus }),
  };
}

function accepted({ check }: Verdict): string {
  if (check === 'query') return 'Amplitude knows this key (HTTP 200)';
  return check === 'canary'
    ? 'Amplitude ingested a canary event (HTTP 200)'
    : 'Amplitude let this key pair in (HTTP 200)';
}

function rejected({ check, answer, otherRegion }: Verdict): [string, string] {
  const status = `HTTP ${answer.httpStatus}`;
  if (otherRegion?.word === 'accepted') {
    return [
      `Amplitude ${answer.region} rejects this key (${status}), Amplitude ${otherRegion.region} accepts it`,
      `It belongs to a project in ${otherRegion.region}: use a key of the ${answer.region} project, or set dataResidency to ${otherRegion.region}`,
    ];
  }
  const elsewhere =
    otherRegion?.word === 'unknown' ? `; Amplitude ${otherRegion.region} gave no clear answer` : '';
  if (check === 'secret') {
    return [
      `Amplitude rejects this key pair (${status}): the secret key or its API key may be wrong${elsewhere}`,
      'Compare both halves with Amplitude: Settings, Projects, your project; a pair works only within one project and region',
    ];
  }
  return [
    `Amplitude rejects this key (${status}, invalid API key)${elsewhere}`,
    'Check that it is not revoked and was copied whole: Amplitude, Settings, Projects, your project, API Keys',
  ];
}

function unknown({ check, answer }: Verdict): [string, string] {
  const { httpStatus, word, region } = answer;
  if (word === 'timeout')
    return [
      'Amplitude did not answer in time',
      'Try again; if it lasts, see https://status.amplitude.com',
    ];
  if (word === 'unreachable')
    return [
      'Amplitude could not be reached',
      'Check the network, proxy and DNS between here and the endpoint',
    ];
  if (word === 'operation_not_enabled') {
    return [
      `Amplitude has not enabled this check for the project (HTTP ${httpStatus}, operation_not_enabled)`,
      "Set the key's verification to 'canary' in lib/environments.ts and deploy",
    ];
  }
  if (httpStatus === 429)
    return ['Amplitude throttles us (HTTP 429)', 'Wait a minute and try again'];
  if (httpStatus === 403) {
    return [
      'Amplitude refused the request (HTTP 403): a permission, a firewall or the wrong region',
      `Check that the project is in ${region} and that no proxy stands between`,
    ];
  }
  const html = word === 'not_json' ? ', and the answer is not JSON' : '';
  return [
    `Amplitude gave no usable answer to the ${check} check (HTTP ${httpStatus}${html})`,
    'Try again; if it lasts, see https://status.amplitude.com',
  ];
}
