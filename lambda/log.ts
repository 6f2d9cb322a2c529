import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { keyless } from './domain/keyless.ts';

/** The only metadata that may reach a log line; anything else is dropped, whatever it is. */
const ALLOWED = new Set([
  'action',
  'actions',
  'awaiting_revocation',
  'aws_error',
  'call',
  'code',
  'current_key_accepted',
  'days_since_rotation',
  'days_until_rotation',
  'duration_ms',
  'ecs_service',
  'environment',
  'events',
  'fingerprint',
  'hand_over_failed',
  'http_status',
  'key',
  'keys',
  'models',
  'notices',
  'oldest_awaiting_revocation_hours',
  'replaced_version',
  'reason',
  'rejected',
  'request_id',
  'retained_versions',
  'retried',
  'route',
  'scrubbed',
  'source_ip',
  'staged_key_ready',
  'state',
  'step',
  'suspicious',
  'version',
]);

export type Metadata = Readonly<Record<string, string | number>>;

class WorkerLogFormatter extends LogFormatter {
  override formatAttributes(attributes: UnformattedAttributes, more: LogAttributes): LogItem {
    return new LogItem({
      attributes: {
        timestamp: attributes.timestamp.toISOString(),
        level: attributes.logLevel,
        service: attributes.serviceName,
        trace_id: attributes.xRayTraceId ?? more.request_id,
        message: keyless(attributes.message),
        user_id: typeof more.user_id === 'string' ? keyless(more.user_id) : undefined,
        metadata: allowed(more.metadata as Metadata | undefined),
      },
    });
  }
}

function allowed(metadata: Metadata = {}): Metadata {
  const entries = Object.entries(metadata).filter(([name]) => ALLOWED.has(name));
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? keyless(value) : value]),
  );
}

export interface Log {
  /** Lambda's id of the invocation: the trace id where X-Ray gives none. */
  invocation(requestId: string | undefined): void;
  /** Who caused the lines that follow. */
  caller(userId: string): void;
  /** As the lines have it: of the invocation. */
  traceId(): string;
  info(message: string, metadata?: Metadata): void;
  warn(message: string, metadata?: Metadata): void;
  error(message: string, metadata?: Metadata): void;
}

/** One JSON line each: timestamp, level, service, trace_id, message, user_id, metadata. */
export function createLog(service: string): Log {
  const logger = new Logger({
    serviceName: service,
    logFormatter: new WorkerLogFormatter(),
    // Not left to LOG_LEVEL: these lines are evidence.
    logLevel: 'INFO',
  });
  let request = '';
  return {
    invocation(requestId) {
      request = requestId ?? '';
      // What is undefined overwrites nothing
      logger.resetKeys();
      logger.appendKeys({ request_id: requestId });
    },
    traceId: () => /Root=([^;]+)/.exec(process.env._X_AMZN_TRACE_ID ?? '')?.[1] ?? request,
    caller: (userId) => logger.appendKeys({ user_id: userId }),
    info: (message, metadata = {}) => logger.info(message, { metadata }),
    warn: (message, metadata = {}) => logger.warn(message, { metadata }),
    error: (message, metadata = {}) => logger.error(message, { metadata }),
  };
}
