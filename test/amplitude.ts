import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { AmplitudeEndpoints, DataResidency } from '../lambda/contract.ts';
import { BatchRules } from './amplitude-batch.ts';

/** How Amplitude may misbehave, for all its endpoints. */
export type Mood =
  | 'throttling'
  | 'failing'
  | 'silent'
  | 'hanging-up'
  /** It did what it was asked, and hangs up in place of an answer. */
  | 'answer-lost'
  | 'html'
  | 'portal'
  | 'endless'
  | 'not-enabled'
  | 'redirecting';

/** An answer that repeats the request, credentials and all, in its body and in a header. */
export interface Echo {
  readonly status: number;
  /** Of the content. */
  readonly type: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Asked = Pick<IncomingMessage, 'method' | 'headers'>;

interface Project {
  readonly region: DataResidency;
  readonly secretKeys: Set<string>;
}

/** A stand-in for Amplitude's documented endpoints, US and EU, on loopback. */
export class AmplitudeStandIn {
  readonly endpoints: Readonly<Record<DataResidency, AmplitudeEndpoints>>;
  /** `US POST /v1/events/check-recent-ingestion`, in order. */
  readonly requests: string[] = [];
  /** The headers of each. */
  readonly headers: IncomingHttpHeaders[] = [];
  readonly events: Record<string, unknown>[] = [];
  /** What the Batch API finds fault with. */
  readonly batch = new BatchRules();
  /** Answers 503 to everything. */
  down = false;
  /** Answers everything so. */
  echo: Echo | undefined;
  /** Runs at each request, before its answer: time may pass here, and a mood be expected for it. */
  onRequest: () => void = () => {};
  readonly #projects = new Map<string, Project>();
  readonly #moods: Mood[] = [];
  readonly #server: Server;
  readonly #port: number;

  static async start(): Promise<AmplitudeStandIn> {
    const server = createServer();
    return new AmplitudeStandIn(server, await portOf(server, 0));
  }

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
    server.on('request', (request, response) => {
      // Whoever asked is gone, or this is: nobody is left to be answered
      this.#serve(request, response).catch(() => response.destroy());
    });
    const origin = `http://127.0.0.1:${port}`;
    const of = (region: string) => ({
      developer: `${origin}/${region}/developer`,
      ingestion: `${origin}/${region}/ingestion`,
      dashboard: `${origin}/${region}/dashboard`,
    });
    this.endpoints = { US: of('US'), EU: of('EU') };
  }

  /** A person pressed Generate; secret keys of one API key are valid beside each other. */
  generate(apiKey: string, region: DataResidency = 'US', secretKey?: string) {
    const secretKeys = new Set(this.#projects.get(apiKey)?.secretKeys);
    if (secretKey) secretKeys.add(secretKey);
    this.#projects.set(apiKey, { region, secretKeys });
  }

  /** A person pressed Revoke, of an API key or of a secret key. */
  revoke(key: string) {
    this.#projects.delete(key);
    for (const { secretKeys } of this.#projects.values()) secretKeys.delete(key);
  }

  /** Whether it is one of the keys that are let in. */
  accepts(key: string): boolean {
    const pairs = [...this.#projects.values()];
    return this.#projects.has(key) || pairs.some(({ secretKeys }) => secretKeys.has(key));
  }

  /** The next requests meet these moods, one each. */
  expect(...moods: Mood[]) {
    this.#moods.push(...moods);
  }

  /** The same answers without the wire, for whoever asks a hundred thousand times; moods need a wire. */
  readonly fetch: typeof fetch = async (input, init = {}) => {
    const url = String(input);
    const [region, door, ...rest] = new URL(url).pathname.split('/').slice(1);
    const path = `/${rest.join('/')}`;
    const { method = 'GET', body } = init;
    this.requests.push(`${region} ${method} ${path}`);
    this.onRequest();
    if (this.down) return Response.json({ error: 'Service unavailable' }, { status: 503 });
    const headers = Object.fromEntries(new Headers(init.headers));
    const { status, body: answer } = this.#answer(
      region as DataResidency,
      door,
      path,
      { method, headers },
      String(body ?? ''),
    );
    return Response.json(answer, { status });
  };

  /**
   * How often each event came, by its insert_id: repeats aren't left out, since Amplitude does that
   * later, within seven days.
   */
  countsByInsertId(): ReadonlyMap<unknown, number> {
    const groups = Map.groupBy(this.events, ({ insert_id }) => insert_id);
    return new Map([...groups].map(([id, { length }]) => [id, length]));
  }

  /** For good, or until it comes back: whatever is under way ends without an answer. */
  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** After a stop, where it was, with all that it knew. */
  async comeBack() {
    await portOf(this.#server, this.#port);
  }

  async #serve(request: IncomingMessage, response: ServerResponse) {
    const [, region, door, ...rest] = (request.url ?? '').split('/');
    const path = `/${rest.join('/')}`;
    this.requests.push(`${region} ${request.method} ${path}`);
    this.headers.push(request.headers);
    this.onRequest();
    const mood = this.down ? 'failing' : this.#moods.shift();
    const body = await text(request);
    if (this.echo) return repeat(this.echo, request, body, response);
    if (mood && mood !== 'answer-lost') return misbehave(mood, response);
    const { status, body: answer } = this.#answer(
      region as DataResidency,
      door,
      path,
      request,
      body,
    );
    if (mood === 'answer-lost') return void response.destroy();
    respond(response, status, JSON.stringify(answer));
  }

  #answer(
    region: DataResidency,
    door: string | undefined,
    path: string,
    request: Asked,
    body: string,
  ): Answer {
    const route = `${request.method} ${door} ${path}`;
    if (route === 'POST developer /v1/events/check-recent-ingestion')
      return this.#query(region, body);
    if (route === 'POST ingestion /2/httpapi') return this.#ingest(region, body);
    if (route === 'POST ingestion /batch') return this.#takeBatch(region, body);
    if (route === 'GET dashboard /api/3/annotations') return this.#dashboard(region, request);
    return { status: 404, body: { error: 'no such endpoint' } };
  }

  #knows(apiKey: string, region: DataResidency): boolean {
    return this.#projects.get(apiKey)?.region === region;
  }

  #query(region: DataResidency, body: string): Answer {
    const { api_key: apiKey } = JSON.parse(body);
    if (!this.#knows(apiKey, region)) {
      return {
        status: 401,
        body: { error_code: 'invalid_api_key', message: `Invalid API key: ${apiKey}` },
      };
    }
    const window = { lookback_hours: 8, basis: 'server_upload_time' };
    return { status: 200, body: { data: { status: 'observed', window } } };
  }

  #ingest(region: DataResidency, body: string): Answer {
    const { api_key: apiKey, events } = JSON.parse(body);
    if (!this.#knows(apiKey, region)) {
      return { status: 400, body: { code: 400, error: `Invalid API key: ${apiKey}` } };
    }
    this.events.push(...events);
    return { status: 200, body: { code: 200, events_ingested: events.length } };
  }

  #takeBatch(region: DataResidency, body: string): Answer {
    const { api_key: apiKey, ...batch } = JSON.parse(body);
    const isKnown = this.#knows(apiKey, region);
    const refusal = isKnown ? this.batch.refusal(batch, Buffer.byteLength(body)) : undefined;
    return refusal ?? this.#ingest(region, body);
  }

  #dashboard(region: DataResidency, request: Asked): Answer {
    const [, credentials = ''] = (request.headers.authorization ?? '').split(' ');
    const [apiKey = '', secretKey] = Buffer.from(credentials, 'base64').toString().split(':');
    const project = this.#projects.get(apiKey);
    const known = project?.region === region && project.secretKeys.has(secretKey ?? '');
    return known
      ? { status: 200, body: { data: [] } }
      : { status: 401, body: { error: 'Unauthorized' } };
  }
}

async function portOf(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function respond(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'application/json',
) {
  response.writeHead(status, { 'content-type': type }).end(body);
}

function repeat(
  { status, type }: Echo,
  { headers }: IncomingMessage,
  body: string,
  response: ServerResponse,
): void {
  const asked = `${headers.authorization ?? ''} ${body}`.trim();
  const error = `Invalid API key: ${asked}`;
  response.setHeader('x-request', asked);
  if (status >= 300 && status < 400) response.setHeader('location', `/?api_key=${asked}`);
  respond(response, status, type === 'application/json' ? JSON.stringify({ error }) : error, type);
}

function misbehave(mood: Exclude<Mood, 'answer-lost'>, response: ServerResponse): void {
  const moods: Record<typeof mood, () => void> = {
    throttling: () => respond(response, 429, '{"error":"Too many requests"}'),
    failing: () => respond(response, 503, '{"error":"Service unavailable"}'),
    silent: () => {},
    'hanging-up': () => response.destroy(),
    html: () => respond(response, 200, '<html>Please sign in</html>', 'text/html'),
    portal: () => respond(response, 200, '{"login":"required","data":null}'),
    endless: () => respond(response, 200, `{"data":"${'x'.repeat(1_000_000)}"}`),
    'not-enabled': () => respond(response, 403, '{"error_code":"operation_not_enabled"}'),
    redirecting: () => response.writeHead(307, { location: '/elsewhere' }).end(),
  };
  moods[mood]();
}
