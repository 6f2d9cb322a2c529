import type * as fc from 'fast-check';

/** One place of the product where something from outside is understood. */
export interface Parser<Input = unknown> {
  readonly name: string;
  /** The longest input in characters, by the limits of whoever hands it over. */
  readonly limit: number;
  readonly inputs: fc.Arbitrary<Input>;
  /** Inputs that grow. */
  readonly families: fc.Arbitrary<Family<Input>>;
  /** @default 120 in a short search, 5,000 in a long one */
  readonly runs?: Runs;
  /** Kinds of growth to try. @default 2 in a short search, 30 in a long one */
  readonly climbs?: Runs;
  /** What may take longer than others. @default 250 */
  readonly boundMs?: number;
  /** Its result, or an error. */
  parse(input: Input): unknown;
  /** What is wrong with a result, although no error was thrown. */
  fault?(result: unknown): string | undefined;
  /** What of a result gets out: no key of the input may be in it. */
  told?(result: unknown): string;
  close?(): Promise<void>;
}

export interface Runs {
  readonly short: number;
  readonly long: number;
}

export interface Family<Input = unknown> {
  readonly name: string;
  /** Of about so many characters. */
  of(size: number): Input;
}
