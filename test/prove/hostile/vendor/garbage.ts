import type { Socket } from 'node:net';
import { setInterval } from 'node:timers';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import type { Answer } from './raw-server.ts';

/** What no endpoint of Amplitude documents. */
export interface Garbage {
  readonly name: string;
  readonly answer: Answer;
  /** Far more than anybody needs: it must not be kept. */
  readonly huge?: true;
  /** An HTTP status that the check of a key pair documents as a rejection, whatever the body. */
  readonly refusing?: true;
}

const KNOWN = '{"data":{"status":"observed"}}';
const INGESTED = '{"code":200,"events_ingested":1}';
const ANNOTATIONS = '{"data":[]}';
const ACCEPTING = [KNOWN, INGESTED, ANNOTATIONS];
const REJECTING = '{"error_code":"invalid_api_key","error":"Invalid API key"}';
const HTML =
  '<!doctype html><html><title>Please sign in</title><body>401 invalid_api_key</body></html>';

const head = (status: number | string, ...lines: readonly string[]) =>
  `${[`HTTP/1.1 ${status} Whatever`, 'connection: close', ...lines].join('\r\n')}\r\n\r\n`;

export function http(status: number, body: string | Buffer, ...lines: readonly string[]): Answer {
  const bytes = Buffer.from(body);
  const length = `content-length: ${bytes.length}`;
  return (socket) => {
    socket.write(
      head(status, ...(lines.length > 0 ? lines : ['content-type: application/json']), length),
    );
    socket.end(bytes);
  };
}

const written =
  (...parts: readonly (string | Buffer)[]): Answer =>
  (socket) => {
    for (const part of parts) socket.write(part);
    socket.end();
  };

/** The connection stays open. */
const unended =
  (...parts: readonly string[]): Answer =>
  (socket) => {
    for (const part of parts) socket.write(part);
  };

/** A byte at a time, for ever. */
const trickling =
  (start: string, then: string): Answer =>
  (socket) => {
    socket.write(start);
    let at = 0;
    every(socket, 2, () => socket.write(then[at++ % then.length] ?? ''));
  };

function every(socket: Socket, milliseconds: number, work: () => void): void {
  const timer = setInterval(work, milliseconds);
  socket.on('close', () => clearInterval(timer));
}

/** As fast as it is taken, for ever. */
const pouring =
  (start: string, part: string): Answer =>
  (socket) => {
    const pour = () => {
      while (socket.writable && socket.write(part));
    };
    socket.write(start);
    socket.on('drain', pour);
    pour();
  };

const MANY = 32 * 2 ** 20;
const zeros = Buffer.alloc(MANY, '0');
const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
const chunked = 'transfer-encoding: chunked';
const page = 'x'.repeat(65_536);

const huge = (): Garbage[] =>
  [...bombs(), ...endless()].map((one) => ({ ...one, huge: true as const }));

const bombs = (): Garbage[] => [
  {
    name: 'a bomb of gzip',
    answer: http(200, gzipSync(zeros, { level: 1 }), 'content-encoding: gzip'),
  },
  {
    name: 'a bomb of deflate',
    answer: http(200, deflateSync(zeros, { level: 1 }), 'content-encoding: deflate'),
  },
  {
    name: 'a bomb of brotli',
    answer: http(200, brotliCompressSync(zeros, fast), 'content-encoding: br'),
  },
  {
    name: 'a bomb that says who it rejects',
    answer: http(401, gzipSync(zeros, { level: 1 }), 'content-encoding: gzip'),
    refusing: true,
  },
];

const encodings = (): Garbage[] => [
  ...ACCEPTING.map((body) => ({
    name: `what says gzip and is not: ${body}`,
    answer: http(200, body, 'content-encoding: gzip'),
  })),
  ...ACCEPTING.map((body) => ({
    name: `UTF-16: ${body}`,
    answer: http(
      200,
      Buffer.from(body, 'utf16le'),
      'content-type: application/json; charset=utf-16',
    ),
  })),
  {
    name: 'a hundred encodings',
    answer: http(
      200,
      KNOWN,
      `content-encoding: ${Array.from({ length: 100 }, () => 'gzip').join(', ')}`,
    ),
  },
  {
    name: 'half a gzip',
    answer: http(200, gzipSync(KNOWN).subarray(0, 20), 'content-encoding: gzip'),
  },
];

const lengths = (): Garbage[] => [
  ...ACCEPTING.map((body) => ({
    name: `less than was said: ${body}`,
    answer: written(head(200, 'content-length: 1000'), body),
  })),
  {
    name: 'less than was said of a rejection',
    answer: written(head(401, 'content-length: 1000'), REJECTING),
  },
  {
    name: 'two lengths',
    answer: written(head(200, 'content-length: 3', `content-length: ${KNOWN.length}`), KNOWN),
  },
  { name: 'a negative length', answer: written(head(200, 'content-length: -1'), KNOWN) },
  {
    name: 'chunks of garbage',
    answer: written(head(200, chunked), 'zz\r\n', KNOWN, '\r\n0\r\n\r\n'),
  },
  {
    name: 'a chunk larger than the world',
    answer: written(head(200, chunked), 'ffffffffffffffff\r\n', KNOWN),
  },
  {
    name: 'chunks without an end',
    answer: written(head(200, chunked), `${KNOWN.length.toString(16)}\r\n${KNOWN}\r\n`),
  },
];

const endless = (): Garbage[] => [
  { name: 'a body without an end', answer: pouring(head(200), page) },
  {
    name: 'JSON without an end',
    answer: pouring(`${head(200)}{"data":{"status":"observed"},"a":"`, page),
  },
  { name: 'chunks for ever', answer: pouring(head(200, chunked), `10000\r\n${page}\r\n`) },
  { name: 'headers for ever', answer: pouring('HTTP/1.1 200 OK\r\n', `x-a: ${page}\r\n`) },
  {
    name: 'informational answers for ever',
    answer: pouring('', 'HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n'),
  },
  {
    name: 'a megabyte of one header',
    answer: written(head(200, `x-a: ${'y'.repeat(2 ** 20)}`), KNOWN),
  },
  {
    name: 'ten thousand headers',
    answer: written(head(200, ...Array.from({ length: 10_000 }, (_, at) => `x-${at}: y`)), KNOWN),
  },
];

const slow = (): Garbage[] => [
  { name: 'nothing', answer: () => {} },
  { name: 'a body byte by byte', answer: trickling(head(200, 'content-length: 1000000'), KNOWN) },
  {
    name: 'a rejection byte by byte',
    answer: trickling(head(401, 'content-length: 1000000'), ' '),
  },
  { name: 'a head byte by byte', answer: trickling('HTTP/1.1 200 OK\r\nx-a: ', 'y') },
  { name: 'only an informational answer', answer: unended('HTTP/1.1 100 Continue\r\n\r\n') },
  { name: 'a head and no body', answer: unended(head(200, 'content-length: 30')) },
  {
    name: 'a body that lacks its last byte',
    answer: unended(head(200, `content-length: ${KNOWN.length}`), KNOWN.slice(0, -1)),
  },
];

const noHttp = (): Garbage[] =>
  [
    '',
    '\0\0\0\0',
    'HTTP/0.9 200\r\n\r\n',
    'HTTP/1.1 abc OK\r\n\r\n',
    'HTTP/1.1 99999 OK\r\n\r\n',
    'HTTP/1.1\r\n\r\n',
    `200 ${KNOWN}`,
    KNOWN,
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x00\x05hello',
    'SSH-2.0-OpenSSH_9.9\r\n',
    `HTTP/1.1 200 OK\r\ncontent-length 3\r\n\r\n${KNOWN}`,
    `HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n${KNOWN}`,
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
  ].map((text) => ({ name: `no HTTP: ${JSON.stringify(text)}`, answer: written(text) }));

const STATUSES = [
  200, 201, 202, 203, 204, 205, 206, 207, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 402,
  403, 404, 407, 408, 410, 413, 418, 421, 425, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505,
  507, 511, 520, 525, 599,
];

/** A page of somebody else's, with every status. */
const pages = (): Garbage[] =>
  STATUSES.map((status) => ({
    name: `a page with ${status}`,
    answer: http(
      status,
      HTML,
      'content-type: text/html',
      'location: /v1/events/check-recent-ingestion',
    ),
    ...(status === 401 || status === 403 ? { refusing: true as const } : {}),
  }));

/** What would be an answer, had it another status. */
const misplaced = (): Garbage[] =>
  STATUSES.filter((status) => ![200, 400, 401, 403].includes(status)).flatMap((status) =>
    [...ACCEPTING, REJECTING].map((body) => ({
      name: `${status} with ${body}`,
      answer: http(status, body),
    })),
  );

export const garbage = (): readonly Garbage[] => [
  ...huge(),
  ...encodings(),
  ...lengths(),
  ...slow(),
  ...noHttp(),
  ...pages(),
  ...misplaced(),
];
