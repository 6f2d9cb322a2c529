import {
  type GetQueryResultsRequest,
  InvalidParameterException,
  LimitExceededException,
  ResourceNotFoundException,
  type StartQueryRequest,
  type StopQueryRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { raise } from './errors.ts';
import type { Ids } from './ids.ts';
import { type LogLine, rowOf } from './insights-line.ts';
import { runQuery } from './insights-query.ts';
import { type Operations, operation } from './operation.ts';

const MOST_ROWS = 10_000;
const MOST_QUERIES = 100;
const MILLISECONDS = 100_000_000_000;

/** Cells by field; a field that a row lacks is absent. */
export type Row = Readonly<Record<string, string>>;

/** What is queried: both ends are included. */
export interface Window {
  readonly groups: readonly string[];
  readonly from: Date;
  readonly to: Date;
}

/** Answers a query instead of the fake's own, partial execution, which runs where it answers nothing. */
export type OnQuery = (query: string, window: Window) => readonly Row[] | undefined;

/** The lines of the window, or the service's error for a group that doesn't exist. */
type Lines = (window: Window) => readonly LogLine[];

type End = 'Complete' | 'Failed' | 'Timeout' | 'Cancelled';

interface Query {
  readonly rows: readonly Row[];
  readonly statistics: Scanned;
  end: End;
  polls: number;
  isScheduled: boolean;
}

interface Scanned {
  readonly bytesScanned: number;
  readonly recordsScanned: number;
  readonly recordsMatched: number;
}

const NOTHING_YET = { bytesScanned: 0, recordsScanned: 0, recordsMatched: 0 };

/** Queries of Logs Insights. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html */
export class Insights {
  onQuery: OnQuery | undefined;
  polls = 1;
  end: End = 'Complete';
  scanned: Partial<Scanned> = {};
  readonly operations: Operations = {
    StartQuery: operation<StartQueryRequest, 'startTime' | 'endTime' | 'queryString'>(
      ['startTime', 'endTime', 'queryString'],
      ['logGroupName', 'logGroupNames', 'limit'],
      (input) => this.#start(input.queryString, windowOf(input), input.limit),
    ),
    StopQuery: operation<StopQueryRequest, 'queryId'>(['queryId'], [], ({ queryId }) =>
      this.#stop(queryId),
    ),
    GetQueryResults: operation<GetQueryResultsRequest, 'queryId'>(['queryId'], [], ({ queryId }) =>
      this.#results(queryId),
    ),
  };
  readonly #ids: Ids;
  readonly #lines: Lines;
  readonly #queries = new Map<string, Query>();

  constructor(ids: Ids, lines: Lines) {
    this.#ids = ids;
    this.#lines = lines;
  }

  #start(queryString: string, window: Window, limit = MOST_ROWS) {
    if (limit < 1 || limit > MOST_ROWS) {
      throw new Error(`The fake StartQuery knows limits of 1 to ${MOST_ROWS}.`);
    }
    const lines = this.#lines(window);
    const underWay = [...this.#queries.values()].filter(({ polls }) => polls > 0);
    // As quoted in cloud-carbon-footprint/cloud-carbon-footprint#261
    if (underWay.length >= MOST_QUERIES) {
      const message = `Account maximum query concurrency limit of [${MOST_QUERIES}] reached.`;
      raise(LimitExceededException, message);
    }
    const { rows, matched } = this.#answer(queryString, window, lines);
    const statistics = {
      bytesScanned: lines.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0),
      recordsScanned: lines.length,
      recordsMatched: matched,
      ...this.scanned,
    };
    const { polls, end } = this;
    const queryId = this.#ids.uuid();
    const isScheduled = polls > 1;
    const query = { rows: rows.slice(0, limit), statistics, end, polls, isScheduled };
    this.#queries.set(queryId, query);
    return { queryId };
  }

  #answer(query: string, window: Window, lines: readonly LogLine[]) {
    const rows = this.onQuery?.(query, window);
    return rows ? { rows, matched: rows.length } : runQuery(query, lines.map(rowOf));
  }

  /** One that has ended can't be stopped. */
  #stop(queryId: string) {
    const query = this.#queries.get(queryId);
    if (!query || query.polls === 0) {
      raise(InvalidParameterException, `Query ${queryId} is not running.`);
    }
    Object.assign(query, { polls: 0, end: 'Cancelled' });
    return { success: true };
  }

  /** While a query runs, what it found so far is answered already: here half of it. */
  #results(queryId: string) {
    const query = this.#queries.get(queryId);
    if (!query) raise(ResourceNotFoundException, 'The specified query does not exist.');
    const { rows, statistics, end } = query;
    if (query.polls === 0) {
      return { status: end, statistics, results: end === 'Complete' ? rows.map(cellsOf) : [] };
    }
    query.polls -= 1;
    if (query.isScheduled) {
      query.isScheduled = false;
      return { status: 'Scheduled', statistics: NOTHING_YET, results: [] };
    }
    const partial = rows.slice(0, Math.floor(rows.length / 2));
    return { status: 'Running', statistics: NOTHING_YET, results: partial.map(cellsOf) };
  }
}

const cellsOf = (row: Row) => Object.entries(row).map(([field, value]) => ({ field, value }));

/** Whole seconds. The end is included to the millisecond only, as aws/aws-sdk#280 says. */
function windowOf(input: StartQueryRequest & { startTime: number; endTime: number }): Window {
  const { startTime, endTime, logGroupName, logGroupNames = [] } = input;
  if ((logGroupName === undefined) === (logGroupNames.length === 0)) {
    raise(
      InvalidParameterException,
      'Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given.',
    );
  }
  if (![startTime, endTime].every(Number.isInteger) || endTime > MILLISECONDS) {
    throw new Error('StartQuery takes whole seconds since 1970.');
  }
  if (startTime > endTime) {
    raise(InvalidParameterException, 'The start time must not be after the end time.');
  }
  const groups = logGroupName === undefined ? logGroupNames : [logGroupName];
  return { groups, from: new Date(startTime * 1000), to: new Date(endTime * 1000) };
}
