import type { LocalAws } from './start.ts';

/** A line that the rotation function of these tests writes at each call. */
export interface Seen {
  readonly Step: string;
  readonly ClientRequestToken: string;
  readonly labels: readonly string[];
  readonly value: string;
  readonly time: string;
  readonly runtime: string;
}

/** What a function's log group tells of its calls, once it tells of that many. */
export async function logged(aws: LocalAws, name: string, calls: number) {
  const lines = await logLinesOf(aws, name);
  return lines.length >= calls && (lines as Seen[]);
}

/** The JSON that a function logged. */
export async function logLinesOf(aws: LocalAws, name: string): Promise<unknown[]> {
  const answer = await fetch(aws.endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': 'Logs_20140328.FilterLogEvents',
    },
    body: JSON.stringify({ logGroupName: `/aws/lambda/${name}`, filterPattern: '' }),
  });
  const { events = [] } = (await answer.json()) as { events?: { message: string }[] };
  const lines = events.map(({ message }) => message).filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line));
}
