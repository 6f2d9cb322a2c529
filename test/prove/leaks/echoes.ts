import type { Echo } from '../../amplitude.ts';
import type { Failure, Moment } from '../../aws/fakes/faults.ts';

/** One way in which a call of AWS may fail, and what it tells then. */
export interface Way {
  /** In words that name no key. */
  readonly name: string;
  readonly error: Failure;
}

export const MOMENTS: readonly Moment[] = ['before', 'after'];

/** Exceptions of AWS that this project tells apart, and some that it doesn't, with a word of theirs. */
const EXCEPTIONS: readonly (readonly [name: string, says: string])[] = [
  ['ValidationException', 'failed to satisfy constraint'],
  ['InvalidParameterException', 'Invalid value'],
  ['InvalidRequestException', 'marked for deletion'],
  ['InvalidRequestException', "A previous rotation isn't complete"],
  ['InvalidRequestException', 'No Lambda rotation function'],
  ['ResourceNotFoundException', "can't find the specified secret value"],
  ['ResourceNotFoundException', "can't find the specified secret"],
  ['ResourceNotFoundException', 'The specified log stream does not exist'],
  ['ResourceExistsException', 'You can’t use the same token for another value'],
  ['ParameterNotFound', 'unknown'],
  ['ParameterAlreadyExists', 'exists'],
  ['AccessDeniedException', 'cannot invoke the specified Lambda function'],
  ['AccessDeniedException', 'with an explicit deny in a resource-based policy'],
  ['ThrottlingException', 'Rate exceeded'],
  ['DecryptionFailure', 'Access to KMS is not allowed'],
  ['ExpiredTokenException', 'The security token is expired'],
  ['InternalServiceError', 'An error occurred'],
];

/** Every way, each of which quotes `quoted` wherever an error can. */
export function waysToFail(quoted: string): readonly Way[] {
  const said = EXCEPTIONS.map(([name, says]) => ({
    name: `${name}: ${says}`,
    error: { name, message: `${says}: Value '${quoted}' at 'secretString'`, httpStatus: 400 },
  }));
  return [...said, ...ODD.map(([name, make]) => ({ name, error: () => make(quoted) }))];
}

/** What is thrown where nobody expected it: all of it may quote what was sent or received. */
const ODD: readonly (readonly [name: string, make: (quoted: string) => unknown])[] = [
  [
    'an answer that is no JSON',
    (quoted) => {
      const error = new SyntaxError(`Unexpected token 'I', "${quoted}" is not valid JSON`);
      const $response = { value: { statusCode: 200, body: quoted }, enumerable: false };
      return Object.defineProperty(error, '$response', $response);
    },
  ],
  [
    'a connection that broke',
    (quoted) => {
      const cause = Object.assign(new Error(`socket hang up: ${quoted}`), { code: 'ECONNRESET' });
      return Object.assign(new TypeError(`fetch failed: ${quoted}`, { cause }), {
        request: quoted,
      });
    },
  ],
  ['an error whose stack alone quotes', (quoted) => stacked(new Error('failed'), quoted)],
  ['several errors in one', (quoted) => new AggregateError([new Error(quoted)], quoted)],
  [
    'an error with a long line before its place',
    (quoted) => new RangeError(`\n    at ${quoted}:1:1`),
  ],
  ['a text that is thrown', (quoted) => quoted],
  ['an object that is thrown', (quoted) => ({ message: quoted, $metadata: {}, body: quoted })],
];

const stacked = (error: Error, quoted: string) =>
  Object.assign(error, { stack: `Error: failed\n    at send (${quoted}:1:1)` });

/** Answers of Amplitude, or of somebody on the way to it, that repeat the request. */
export const ECHOES: readonly Echo[] = [200, 307, 400, 401, 403, 413, 429, 500, 503].flatMap(
  (status) => ['application/json', 'text/html'].map((type) => ({ status, type })),
);
