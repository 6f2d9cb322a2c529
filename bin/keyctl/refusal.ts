import type { ErrorCode } from '../../lambda/domain/errors.ts';

/** What only `keyctl` refuses; what the functions refuse keeps their codes. */
export type RefusalCode =
  | 'WRONG_USE'
  | 'CONFIG_INVALID'
  | 'CANCELLED'
  // where it was asked to work
  | 'NOT_DEPLOYED'
  | 'WRONG_ACCOUNT'
  | 'REGION_MISSING'
  | 'NETWORK_UNREACHABLE'
  | 'FUNCTION_FAILED'
  // what was handed in
  | 'KEY_STAGED_ALREADY'
  | 'KEY_IN_USE_HERE'
  | 'KEY_IN_USE_ELSEWHERE'
  | 'NOT_STAGED'
  // what a rotation is at
  | 'ROTATION_UNDER_WAY'
  | 'ROTATION_LEFT_OVER'
  | 'ROTATION_NOT_PERMITTED'
  | 'ROTATION_STALLED'
  | 'ROTATION_ABANDONED'
  | 'ROTATION_UNFINISHED'
  // what a relay is at
  | 'RELAY_NOT_CONFIGURED'
  | 'RELAY_MOVE_FAILED'
  | 'RELAY_MOVE_UNFINISHED'
  | 'RELAY_TOKEN_UNCERTAIN'
  // where an incident report is written
  | 'REPORT_EXISTS'
  | 'REPORT_NOT_WRITABLE'
  // what a scan needs
  | 'GIT_MISSING'
  | 'GIT_FAILED'
  | 'FINGERPRINTS_UNREADABLE'
  | 'FINGERPRINTS_NOT_WRITABLE';

export interface RefusalOptions {
  /** 1: refused or failed; 2: wrong use. */
  readonly exitCode?: 1 | 2;
  /** Printed with `--json` beside code and message. Never a value. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Ends a command: the message says what, which, and what to do next. */
export class Refusal extends Error {
  readonly code: RefusalCode | ErrorCode;
  readonly exitCode: 1 | 2;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: RefusalCode | ErrorCode, message: string, options: RefusalOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = code;
    this.code = code;
    this.exitCode = options.exitCode ?? 1;
    this.details = options.details ?? {};
  }
}

export const wrongUse = (message: string) => new Refusal('WRONG_USE', message, { exitCode: 2 });
