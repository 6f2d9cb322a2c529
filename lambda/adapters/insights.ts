import {
  type CloudWatchLogsClient,
  GetQueryResultsCommand,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Timer } from '../domain/ports.ts';
import { awsFailure } from './aws-error.ts';
import { MOST_ROWS } from './insights-queries.ts';

const POLL_MS = 1_000;
const MOST_MS = 20_000;
/** https://aws.amazon.com/cloudwatch/pricing/ of most Regions. */
const USD_PER_BYTE = 0.005 / 1e9;
const ENDS: readonly string[] = ['Complete', 'Failed', 'Cancelled', 'Timeout'];

export type Cells = Readonly<Partial<Record<string, string>>>;

/** Both ends are included. */
export interface Window {
  readonly logGroupName: string;
  readonly from: Date;
  readonly to: Date;
}

/** Runs queries of Logs Insights side by side, polls them within a bound and stops what still runs. */
export async function runQueries(
  queries: readonly Query[],
  timer: Timer,
  mostMs = MOST_MS,
): Promise<void> {
  const running = () => queries.filter(({ isRunning }) => isRunning);
  const until = timer.now().getTime() + mostMs;
  await Promise.all(queries.map((query) => query.start()));
  while (running().length > 0 && timer.now().getTime() < until) {
    await timer.sleep(POLL_MS);
    await Promise.all(running().map((query) => query.poll()));
  }
  await Promise.all(running().map((query) => query.stop(mostMs)));
}

/** What all of them took. */
export function costOf(queries: readonly Query[]) {
  const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
  const bytesScanned = sum(queries.map((query) => query.bytesScanned));
  return {
    calls: sum(queries.map((query) => query.calls)),
    bytesScanned,
    priceUsd: Number((bytesScanned * USD_PER_BYTE).toFixed(4)),
  };
}

interface Cost {
  readonly calls: number;
  readonly bytesScanned?: number;
  readonly priceUsd?: number;
}

export function costOfBoth(one: Cost, other: Cost) {
  const { bytesScanned = 0, priceUsd = 0 } = one;
  return {
    calls: one.calls + other.calls,
    bytesScanned: bytesScanned + (other.bytesScanned ?? 0),
    priceUsd: Number((priceUsd + (other.priceUsd ?? 0)).toFixed(4)),
  };
}

/** Why a query's rows may not be all. */
export function faultOf({ fault, rows }: Query): string | undefined {
  if (fault) return fault;
  return rows.length < MOST_ROWS ? undefined : `A query found more than ${MOST_ROWS} rows.`;
}

export const numberIn = (text = '') => (/^\d{1,15}$/.test(text) ? Number(text) : 0);

export function dateIn(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** One query and what it has found so far. */
export class Query {
  rows: readonly Cells[] = [];
  bytesScanned = 0;
  /** AWS calls made. */
  calls = 0;
  /** Why these are not all rows. */
  fault: string | undefined;
  readonly #client: CloudWatchLogsClient;
  readonly #window: Window;
  readonly #text: string;
  #id: string | undefined;

  constructor(client: CloudWatchLogsClient, window: Window, text: string) {
    this.#client = client;
    this.#window = window;
    this.#text = text;
  }

  get isRunning(): boolean {
    return this.#id !== undefined;
  }

  async start(): Promise<void> {
    const { logGroupName, from, to } = this.#window;
    const startTime = Math.floor(from.getTime() / 1000);
    const endTime = Math.ceil(to.getTime() / 1000);
    const queryString = this.#text;
    await this.#call('StartQuery', async () => {
      const input = { logGroupName, startTime, endTime, queryString };
      this.#id = (await this.#client.send(new StartQueryCommand(input))).queryId;
    });
  }

  /** A query that still runs has a part of its rows already. */
  async poll(): Promise<void> {
    const queryId = this.#id;
    await this.#call('GetQueryResults', async () => {
      const answer = await this.#client.send(new GetQueryResultsCommand({ queryId }));
      const { status = 'Unknown', results = [], statistics } = answer;
      this.bytesScanned = statistics?.bytesScanned ?? this.bytesScanned;
      this.rows = results.map((cells) =>
        Object.fromEntries(cells.map(({ field = '', value }) => [field, value])),
      );
      if (!ENDS.includes(status)) return;
      if (status !== 'Complete') this.fault = `A query ended as ${status}.`;
      this.#id = undefined;
    });
  }

  /** Its rows so far stay; what it would still scan isn't paid for. */
  async stop(afterMs: number): Promise<void> {
    const queryId = this.#id;
    await this.#call('StopQuery', async () => {
      await this.#client.send(new StopQueryCommand({ queryId }));
    });
    this.fault = `A query took over ${afterMs / 1000} seconds, it was not waited for.`;
    this.#id = undefined;
  }

  /** A throttled poll is tried again; any other failure is the end of this query. */
  async #call(name: string, work: () => Promise<void>): Promise<void> {
    this.calls += 1;
    try {
      await work();
    } catch (error) {
      const { code, message } = awsFailure(name, `log group ${this.#window.logGroupName}`, error);
      if (code === 'THROTTLED' && name === 'GetQueryResults') return;
      this.fault = message;
      this.#id = undefined;
    }
  }
}
