import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { AmplitudeEndpoints, DataResidency } from '../../../../lambda/contract.ts';

/** Writes an answer, or what passes for one. */
export type Answer = (socket: Socket) => void;

/** A server that writes whatever it is told to, byte by byte, HTTP or not. */
export class RawServer {
  readonly endpoints: Readonly<Record<DataResidency, AmplitudeEndpoints>>;
  /** To whatever is asked next, in order; the last one stays. */
  answers: readonly Answer[] = [];
  /** Bytes that were taken off it since the last look. */
  sent = 0;
  requests = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async start(): Promise<RawServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new RawServer(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const all = { developer: origin, ingestion: origin, dashboard: origin };
    this.endpoints = { US: all, EU: all };
    server.on('connection', (socket) => this.#meet(socket));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #meet(socket: Socket): void {
    let asked = '';
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.sent += socket.bytesWritten - socket.writableLength;
    });
    socket.on('data', (bytes) => {
      asked += bytes.toString('latin1');
      if (!isWhole(asked)) return;
      asked = '';
      this.requests += 1;
      const [answer, ...others] = this.answers;
      if (others.length > 0) this.answers = others;
      answer?.(socket);
    });
  }
}

function isWhole(request: string): boolean {
  const [head = '', body] = request.split('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  return body !== undefined && body.length >= length;
}
