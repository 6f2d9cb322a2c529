import { relayPath } from '../../../contract.ts';
import { KeysError } from '../../errors.ts';
import { type Form, formOf } from './form.ts';

/** A body as API Gateway hands it over. */
export interface CodedBody {
  readonly body: string | undefined;
  readonly isBase64Encoded: boolean;
  /** The header of that name. */
  readonly contentEncoding: string | undefined;
}

/** A request of HTTP, as far as anything of it is looked at. */
export interface HttpRequest extends CodedBody {
  /** API Gateway's; a request that is sent again has another one. */
  readonly id: string;
  /** IP address that it came from, as API Gateway saw it. */
  readonly address: string;
  readonly method: string;
  readonly path: string;
  /** Headers. */
  readonly authorization: string | undefined;
  readonly apiKey: string | undefined;
  readonly contentType: string | undefined;
}

export type Route = keyof typeof relayPath;

/** @returns undefined of a path that the relay doesn't have */
export const routeAt = (path: string): Route | undefined =>
  path === relayPath.traces ? 'traces' : path === relayPath.events ? 'events' : undefined;

/** The one method of all routes. */
export const METHOD = 'POST';

/** @throws KeysError ROUTE_UNKNOWN, METHOD_NOT_ALLOWED */
export function routeOf({ method, path }: HttpRequest): Route {
  const route = routeAt(path);
  if (route === undefined) {
    throw new KeysError(
      'ROUTE_UNKNOWN',
      `There is nothing at this path. Send traces to ${relayPath.traces}, or events to ${relayPath.events}.`,
    );
  }
  if (method === METHOD) return route;
  throw new KeysError('METHOD_NOT_ALLOWED', `Nothing can be read here. Send it by ${METHOD}.`);
}

/** @throws KeysError TYPE_UNSUPPORTED */
export function formAt(route: Route, { contentType }: HttpRequest): Form {
  const form = formOf(contentType);
  if (form === 'json' || (form && route === 'traces')) return form;
  const types =
    route === 'traces' ? 'application/x-protobuf or application/json' : 'application/json';
  throw new KeysError(
    'TYPE_UNSUPPORTED',
    `The Content-Type is missing or none that is read here. Send it as ${types}.`,
  );
}

/** Of a header that is longer nothing is compared: a token has 512 at most. */
const MOST_CHARACTERS = 600;

/** Dify's Phoenix provider presents its token by both headers. */
export function tokensIn({ authorization, apiKey }: HttpRequest): readonly string[] {
  const bearer = /^bearer +(\S+)$/i.exec(bounded(authorization))?.[1] ?? '';
  return [...new Set([bearer, bounded(apiKey)])].filter((token) => token !== '');
}

const bounded = (header = '') => (header.length > MOST_CHARACTERS ? '' : header.trim());
