/** One command of a service. A field that isn't listed is refused: a test can't pass on it unseen. */
export interface Operation {
  readonly requires: readonly string[];
  readonly accepts: readonly string[];
  readonly run: (input: never) => object | Promise<object>;
}

export type Operations = Readonly<Record<string, Operation>>;

type Given<Input, Key extends keyof Input> = Omit<Input, Key> & {
  [K in Key]-?: NonNullable<Input[K]>;
};

export function operation<Input, Required extends keyof Input & string>(
  requires: readonly Required[],
  accepts: readonly (keyof Input & string)[],
  run: (input: Given<Input, Required>) => object | Promise<object>,
): Operation {
  return { requires, accepts: [...requires, ...accepts], run };
}

export function refuseUnknown(where: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).filter((field) => !known.includes(field));
  if (unknown.length > 0) throw new Error(`The fake ${where} does not know ${unknown.join(', ')}.`);
}

/** Fields set to undefined aren't sent by the SDK. */
export function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
