export type Unit =
  | 'ms'
  | 's'
  | 'KB'
  | 'MB'
  | 'calls'
  | 'per key'
  | 'at once'
  | 'USD'
  | 'events/s'
  | 'events';

/** One line of the benchmark. */
export interface Row {
  readonly what: string;
  readonly measured: number;
  readonly unit: Unit;
  /** What it is held against, in the same unit. */
  readonly peer?: { readonly what: string; readonly measured: number };
  /** Of `measured` to the peer's; a faster one's below 1, but for what is told by the second. Where both were measured in pairs, their median. */
  readonly ratio?: number;
  readonly bar?: Bar;
}

export type Bar =
  | { readonly most: number }
  | { readonly ratio: number }
  /** The peer takes at least so many times as long. */
  | { readonly timesFaster: number };

export interface Options {
  /** How often it is measured; each part has a number of its own otherwise. */
  readonly runs?: number;
  /** Says how far it is; may be called often. */
  readonly progress: (text: string) => void;
}

/** Measurements that belong together. */
export interface Part {
  /** The word on the command line. */
  readonly name: string;
  readonly about: string;
  measure(options: Options): Promise<readonly Row[]>;
}

export const ratioOf = ({ measured, peer, ratio }: Row): number | undefined =>
  ratio ?? (peer && measured / peer.measured);

/** undefined where there is no bar. */
export function isMet(row: Row): boolean | undefined {
  const { bar, measured } = row;
  if (bar === undefined) return undefined;
  if ('most' in bar) return measured <= bar.most;
  const ratio = ratioOf(row) ?? Number.NaN;
  return 'ratio' in bar ? ratio <= bar.ratio : 1 / ratio >= bar.timesFaster;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = low] = sorted.slice(
    sorted.length % 2 === 0 ? middle - 1 : middle,
  );
  return sorted.length % 2 === 0 ? (low + high) / 2 : low;
}

/** Of measurements that were taken in turn, so that both met the same load of the machine. */
export const pairedRatio = (measured: readonly number[], peer: readonly number[]): number =>
  median(measured.map((one, at) => one / (peer[at] ?? Number.NaN)));
