import type { ErrorCode, KeysError } from '../../errors.ts';
import type { Route } from './request.ts';

/** What is answered to a request that isn't taken. */
export interface Refusal {
  readonly status: number;
  /** For whoever sent it. */
  readonly message: string;
  readonly code: ErrorCode;
}

const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  OTLP_UNREADABLE: 400,
  BODY_UNREADABLE: 400,
  EVENTS_UNREADABLE: 400,
  EVENTS_REFUSED: 400,
  API_KEY_POSTED: 400,
  RELAY_TOKEN_REFUSED: 401,
  ADDRESS_DENIED: 403,
  ROUTE_UNKNOWN: 404,
  METHOD_NOT_ALLOWED: 405,
  BODY_TOO_LARGE: 413,
  ENCODING_UNSUPPORTED: 415,
  TYPE_UNSUPPORTED: 415,
  UNEXPECTED: 500,
};

/**
 * Whatever isn't the sender's fault is 503, on which an exporter of OpenTelemetry sends it again; on 429
 * Dify drops it. What failed here is none of a sender's business: it is in the log.
 */
export function refusalOf({ code, message }: KeysError, route: Route | undefined): Refusal {
  const status = STATUSES[code] ?? 503;
  if (status < 500) return { status, message, code };
  if (status === 500) return { status, message: FAULT, code };
  // Of a trace each event has an insert_id
  return { status, message: route === 'events' ? `${AGAIN} ${TWICE}` : AGAIN, code };
}

const FAULT = 'A fault of the relay. Whoever runs it finds more in its log.';
const AGAIN = "The relay can't take it at the moment. Send it again in some seconds.";
/** Some of them may be in the queue by now. */
const TWICE =
  'Events with neither an insert_id nor a time may count twice then: give each an insert_id from the first.';
