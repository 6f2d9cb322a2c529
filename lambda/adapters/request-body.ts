import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { KeysError } from '../domain/errors.ts';
import type { CodedBody } from '../domain/relay/intake/request.ts';

const MIB = 2 ** 20;
/** As it came, and decompressed: OTLP/HTTP names 20 MiB as a receiver's usual limit. */
export const MOST_BYTES = { sent: 4 * MIB, decompressed: 20 * MIB } as const;

/**
 * The bytes of a body: decoded, and decompressed up to the limit and no further.
 * @throws KeysError BODY_TOO_LARGE, BODY_UNREADABLE, ENCODING_UNSUPPORTED
 */
export async function readBody({ body = '', ...coded }: CodedBody): Promise<Uint8Array> {
  const sent = coded.isBase64Encoded ? fromBase64(body) : fromText(body);
  const encoding = (coded.contentEncoding ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return sent;
  if (encoding === 'gzip' || encoding === 'x-gzip') {
    if (!coded.isBase64Encoded) throw brokenText();
    return decompressed(sent);
  }
  throw new KeysError(
    'ENCODING_UNSUPPORTED',
    'The Content-Encoding of the body is none that the relay reads. Send it as it is, or with gzip.',
  );
}

function fromText(body: string): Uint8Array {
  // No character is longer in UTF-16 units than in bytes
  if (body.length > MOST_BYTES.sent || Buffer.byteLength(body) > MOST_BYTES.sent) throw tooLarge();
  return Buffer.from(body);
}

function fromBase64(body: string): Uint8Array {
  if (body.length > Math.ceil(MOST_BYTES.sent / 3) * 4) throw tooLarge();
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(body)) throw unreadable('it is no base64');
  const bytes = Buffer.from(body, 'base64');
  if (bytes.length > MOST_BYTES.sent) throw tooLarge();
  return bytes;
}

const decompress = promisify(gunzip);

async function decompressed(sent: Uint8Array): Promise<Uint8Array> {
  try {
    return await decompress(sent, { maxOutputLength: MOST_BYTES.decompressed });
  } catch (error) {
    throw (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge()
      : unreadable('it is no whole gzip stream');
  }
}

const tooLarge = () =>
  new KeysError(
    'BODY_TOO_LARGE',
    `The body is larger than ${MOST_BYTES.sent / MIB} MiB, or than ${MOST_BYTES.decompressed / MIB} MiB decompressed. Send it in several requests.`,
  );

/**
 * API Gateway goes by Content-Type alone: what names itself JSON becomes a text, compressed or not.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
const brokenText = () =>
  new KeysError(
    'BODY_UNREADABLE',
    "The body can't be read: API Gateway breaks JSON that is compressed. Send JSON as it is; protobuf may come with gzip.",
  );

const unreadable = (what: string) =>
  new KeysError(
    'BODY_UNREADABLE',
    `The body can't be read: ${what}. Check what is between its sender and the relay.`,
  );
