import type { ServiceName } from './errors.ts';

export interface Call {
  readonly service: ServiceName;
  /** As in AWS's API: `PutSecretValue`. */
  readonly command: string;
  /** Name of the role that was assumed for it; absent for the functions' own. */
  readonly role?: string;
  /** Values of secrets are `[redacted]`. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Name of the error it was answered with. */
  error?: string;
}

/** An assertion that prints a call must not print a key. */
const SECRET_FIELDS = ['SecretString', 'Value'];

export function recordedInput(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input).map(([field, value]) => [
      field,
      SECRET_FIELDS.includes(field) ? '[redacted]' : value,
    ]),
  );
}
