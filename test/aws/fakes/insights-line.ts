import type { Row } from './insights.ts';

export interface LogLine {
  readonly logStreamName: string;
  readonly timestamp: number;
  readonly message: string;
  readonly eventId: string;
}

/**
 * The fields that a query can name: the system's, and those of a JSON message, `outer.inner`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
 * Texts and numbers only: how Logs Insights shows a boolean or a null isn't documented.
 */
export function rowOf({ logStreamName, timestamp, message, eventId }: LogLine): Row {
  return {
    ...Object.fromEntries(leavesOf('', json(message))),
    '@timestamp': String(timestamp),
    '@message': message,
    '@logStream': logStreamName,
    '@ptr': eventId,
  };
}

function leavesOf(path: string, value: unknown): [string, string][] {
  if (typeof value === 'string' || typeof value === 'number') return [[path, String(value)]];
  if (typeof value !== 'object' || value === null) return [];
  const prefix = path && `${path}.`;
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(prefix + key, inner));
}

/** A message that is no JSON object has no fields of its own. */
function json(message: string): unknown {
  try {
    const parsed: unknown = JSON.parse(message);
    return typeof parsed === 'object' ? parsed : undefined;
  } catch {
    return undefined;
  }
}
