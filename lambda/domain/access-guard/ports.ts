import type { InventoryReport } from '../../payloads.ts';
import type { UsageLine } from './usage-line.ts';

/** What is known of the keys, values excepted; the access guard itself may read none. */
export interface Inventory {
  /** @throws KeysError when `inspect` gives no answer */
  ask(): Promise<Pick<InventoryReport, 'keys' | 'unreadable'>>;
}

/** A line and the time of its event. */
export interface Dated {
  readonly at: Date;
  readonly line: UsageLine;
}

/** The usage record. */
export interface UsageRecord {
  /** @throws KeysError unless all were written; some may have been, and are written twice then */
  write(lines: readonly Dated[]): Promise<void>;
}

/** What the access guard remembers between batches, shared by all that run at once. */
export interface Memory {
  /**
   * Adds marks to a set, each once, and answers all that are in it, those of others included; once
   * it holds more than `most`, it takes no more and is `full`.
   */
  mark(set: string, marks: readonly string[], most: number, expires: Date): Promise<Marks>;
  /** Whether a report is `owner`'s to send; it is nobody else's until `until`. */
  claim(report: string, owner: string, now: Date, until: Date): Promise<boolean>;
  /** The claimed report was sent: it isn't sent again until `until`. */
  settle(report: string, until: Date): Promise<void>;
  /** Adds one, or takes it back, and answers how many there are. */
  count(what: string, by: 1 | -1, expires: Date): Promise<number>;
  /** Keeps the time of the latest read, which only grows. */
  see(at: Date): Promise<void>;
}

export type Marks = readonly string[] | 'full';

/** The latest read that the access guard has seen, for whoever wants to know whether it sees. */
export interface Heartbeat {
  latest(): Promise<Date | undefined>;
}

export interface AddressRanges {
  /** Undefined of what is no IP address. */
  isWithin(address: string, blocks: readonly string[]): boolean | undefined;
  /** The network that it is in, as a block of 256 addresses of IPv4, or of a site (/48) of IPv6. */
  networkOf(address: string): string | undefined;
}
