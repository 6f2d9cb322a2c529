/** Every way this worker refuses or fails. Stable: alarms, tests and `keyctl --json` rely on them. */
export type ErrorCode =
  // what an operator handed in
  | 'NOTHING_STAGED'
  | 'SEVERAL_KEYS_STAGED'
  | 'STAGED_NAME_MISMATCH'
  | 'KEY_FORMAT'
  | 'KEY_IS_CURRENT'
  | 'KEY_HELD_BEFORE'
  | 'KEY_REJECTED'
  | 'KEY_IN_OTHER_REGION'
  | 'VERDICT_UNKNOWN'
  | 'OPERATION_NOT_ENABLED'
  // what a secret holds
  | 'PENDING_EMPTY'
  | 'PENDING_DIFFERS'
  | 'CURRENT_CHANGED'
  | 'CURRENT_MISSING'
  | 'VALUE_MALFORMED'
  | 'PAIRED_KEY_MISSING'
  | 'LABEL_LIMIT'
  // what a function was invoked with, or a program was set up with
  | 'EVENT_MALFORMED'
  | 'STEP_UNKNOWN'
  | 'TOKEN_UNKNOWN'
  | 'TOKEN_NOT_PENDING'
  | 'ROTATION_NOT_ENABLED'
  | 'SECRET_NOT_OURS'
  | 'VERSION_UNKNOWN'
  | 'NOT_ROLLED_BACK'
  | 'STILL_COMPROMISED'
  | 'QUARANTINE_NOT_FOUND'
  | 'QUARANTINES_BUSY'
  | 'TAG_INVALID'
  | 'SETTING_INVALID'
  // what the relay was sent
  | 'ADDRESS_DENIED'
  | 'RELAY_TOKEN_REFUSED'
  | 'ROUTE_UNKNOWN'
  | 'METHOD_NOT_ALLOWED'
  | 'TYPE_UNSUPPORTED'
  | 'BODY_TOO_LARGE'
  | 'BODY_UNREADABLE'
  | 'ENCODING_UNSUPPORTED'
  | 'OTLP_UNREADABLE'
  | 'EVENTS_UNREADABLE'
  | 'EVENTS_REFUSED'
  | 'API_KEY_POSTED'
  // what a consumer finds
  | 'NO_KEY_YET'
  | 'NO_KEY_ACCEPTED'
  // what AWS answered
  | 'SECRET_NOT_FOUND'
  | 'SECRET_MARKED_FOR_DELETION'
  | 'SERVICE_NOT_FOUND'
  | 'SERVICE_NOT_RESTARTABLE'
  | 'CMK_UNAVAILABLE'
  | 'ACCESS_DENIED'
  | 'CREDENTIALS_EXPIRED'
  | 'THROTTLED'
  | 'AWS_CALL_FAILED'
  | 'UNEXPECTED';

/** What may be told of an error besides its message: names and numbers, never a value. */
export interface ErrorFields {
  readonly environment?: string;
  readonly key?: string;
  readonly fingerprint?: string;
  readonly versionId?: string;
  /** The AWS call or the Amplitude endpoint. */
  readonly call?: string;
  readonly httpStatus?: number;
  /** The name of the AWS exception. */
  readonly awsError?: string;
  readonly requestId?: string;
}

/**
 * The only error this project throws on purpose. The message says what is wrong, which one, and
 * what to do next, and holds nothing an attacker could use; `cause` is for a debugger and is never
 * logged.
 */
export class KeysError extends Error {
  readonly code: ErrorCode;
  readonly fields: ErrorFields;

  constructor(code: ErrorCode, message: string, fields: ErrorFields = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = code;
    this.code = code;
    this.fields = fields;
  }
}

/** Any error as one that is safe to print: a message of others may quote anything. */
export function asKeysError(error: unknown): KeysError {
  if (error instanceof KeysError) return error;
  // Only the place in the bundle: a stack begins with the message
  const { name = typeof error, stack = '' } = error instanceof Error ? error : {};
  const place = /:(\d+:\d+)\)?$/m.exec(stack)?.[1] ?? 'an unknown place';
  return new KeysError(
    'UNEXPECTED',
    `A fault of this worker: ${name} at ${place} of the bundle. Please report it with this line.`,
  );
}

/** Why a piece of work failed, if it did. */
export async function failureOf(work: Promise<void>): Promise<KeysError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return asKeysError(error);
  }
}

/** As a step of a report tells why it failed. */
export function reasonOf(error: unknown): string {
  const { code, message } = asKeysError(error);
  return `${message} (${code})`;
}
