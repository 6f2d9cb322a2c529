import { type ServiceName, serviceError } from './errors.ts';

export type Failure =
  | 'throttled'
  | 'access-denied'
  | 'timeout'
  | { readonly name: string; readonly message?: string; readonly httpStatus?: number }
  // whatever is thrown, made anew for each call
  | (() => unknown);

export type Moment = 'before' | 'after';

export interface Fault {
  readonly error: Failure;
  readonly where?: (input: Readonly<Record<string, unknown>>) => boolean;
  /** Which of the matching calls from now on. @default 1 */
  readonly nth?: number;
  /** Before or after the call has taken effect. @default 'before' */
  readonly when?: Moment;
  /** How many matching calls in a row. @default 1 */
  readonly times?: number;
}

interface Plan {
  readonly command: string;
  readonly fault: Fault;
  waits: number;
  left: number;
}

/** What shall go wrong. A failure is what the SDK throws once its own retries are used up. */
export class Faults {
  #plans: Plan[] = [];

  /** `*` is a call of any name. */
  fail(command: string, fault: Fault): void {
    const waits = (fault.nth ?? 1) - 1;
    this.#plans.push({ command, fault, waits, left: fault.times ?? 1 });
  }

  /** Commands whose fault no call has met yet: assert that there are none, or nothing was tested. */
  get pending(): readonly string[] {
    return this.#plans.map(({ command }) => command);
  }

  clear(): void {
    this.#plans = [];
  }

  /** The fault that this call meets, if any; used up by it. */
  meet(command: string, input: Record<string, unknown>): Fault | undefined {
    const matching = this.#plans.filter(
      (plan) => ['*', command].includes(plan.command) && (plan.fault.where?.(input) ?? true),
    );
    const due = matching.find(({ waits }) => waits === 0);
    for (const plan of matching) plan.waits = Math.max(0, plan.waits - 1);
    if (!due) return undefined;
    due.left -= 1;
    this.#plans = this.#plans.filter(({ left }) => left > 0);
    return due.fault;
  }
}

const THROTTLING: Record<ServiceName, readonly [name: string, status: number]> = {
  secretsmanager: ['ThrottlingException', 400],
  ssm: ['ThrottlingException', 400],
  kms: ['ThrottlingException', 400],
  sns: ['ThrottledException', 429],
  cloudtrail: ['ThrottlingException', 400],
  // Of a table on demand, and of one with provisioned throughput ProvisionedThroughputExceededException
  dynamodb: ['ThrottlingException', 400],
  logs: ['ThrottlingException', 400],
  sts: ['Throttling', 400],
  lambda: ['TooManyRequestsException', 429],
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
  ecs: ['ThrottlingException', 400],
  events: ['ThrottlingException', 400],
  // https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
  iam: ['Throttling', 400],
};

export function throttling(service: ServiceName): Error {
  const [name, status] = THROTTLING[service];
  return Object.assign(serviceError(service, name, 'Rate exceeded', status), {
    $retryable: { throttling: true },
  });
}

export function errorOf(service: ServiceName, command: string, failure: Failure): unknown {
  if (typeof failure === 'function') return failure();
  if (failure === 'throttled') return throttling(service);
  if (failure === 'access-denied') return accessDenied(service, command);
  if (failure === 'timeout') {
    const error = new Error('Connection timed out after 1000 ms');
    return Object.assign(error, { name: 'TimeoutError', $metadata: { attempts: 1 } });
  }
  const { name, message = `${command} failed on request of the test`, httpStatus } = failure;
  return serviceError(service, name, message, httpStatus);
}

function accessDenied(service: ServiceName, command: string): Error {
  const who = 'arn:aws:sts::111122223333:assumed-role/worker/session';
  const message = `User: ${who} is not authorized to perform: ${service}:${command} because no identity-based policy allows the ${service}:${command} action`;
  if (service === 'sns') return serviceError('sns', 'AuthorizationErrorException', message, 403);
  if (service === 'sts' || service === 'iam') {
    return serviceError(service, 'AccessDenied', message, 403);
  }
  return serviceError(service, 'AccessDeniedException', message);
}
