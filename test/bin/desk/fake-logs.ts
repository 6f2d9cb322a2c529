import {
  InvalidParameterException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';

interface Event {
  readonly timestamp: number;
  readonly message: string;
}

interface Asked {
  readonly logGroupName?: string;
  readonly startTime?: number;
  readonly nextToken?: string;
}

const PAGE = 3;

/** CloudWatch Logs' FilterLogEvents: small pages, oldest first, the first one empty as AWS may send it. */
export class FakeLogs {
  readonly groups = new Map<string, Event[]>();
  /** Thrown by the next call. */
  fails: Error | undefined;

  write(group: string, timestamp: string, message: string): void {
    const events = this.groups.get(group) ?? [];
    this.groups.set(group, [...events, { timestamp: new Date(timestamp).getTime(), message }]);
  }

  readonly send = async (command: { readonly input: object }): Promise<object> => {
    if (command.constructor.name !== 'FilterLogEventsCommand') {
      throw new Error(`The fake of CloudWatch Logs does not know ${command.constructor.name}.`);
    }
    const { fails } = this;
    this.fails = undefined;
    if (fails) throw fails;
    return this.#filter(command.input);
  };

  #filter({ logGroupName = '', startTime = 0, nextToken, ...unknown }: Asked): object {
    if (Object.keys(unknown).length > 0) throw new Error(`Unknown: ${Object.keys(unknown)}`);
    const events = this.groups.get(logGroupName);
    if (!events) {
      const message = 'The specified log group does not exist.';
      throw new ResourceNotFoundException({ message, $metadata: {} });
    }
    if (nextToken === undefined) return { events: [], nextToken: 'from 0' };
    const start = offsetOf(nextToken);
    const found = events
      .filter(({ timestamp }) => timestamp >= startTime)
      .sort((a, b) => a.timestamp - b.timestamp);
    const more = start + PAGE < found.length ? { nextToken: `from ${start + PAGE}` } : {};
    return { events: found.slice(start, start + PAGE), ...more };
  }
}

function offsetOf(token: string): number {
  const offset = /^from (\d+)$/.exec(token)?.[1];
  if (offset !== undefined) return Number(offset);
  const message = 'The specified nextToken is invalid.';
  throw new InvalidParameterException({ message, $metadata: {} });
}
