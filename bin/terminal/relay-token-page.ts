import { unbroken, wrap } from './layout.ts';
import type { View } from './terminal.ts';

export interface TokenReport {
  readonly environment: string;
  readonly region: string;
  readonly secret: string;
  readonly versionId: string;
  /** The one before the replaced one was taken until now. */
  readonly endedAnother: boolean;
  /** Shows it, to whoever may see it. */
  readonly read: string;
}

/** Where the next token is, and what becomes of those before; never the token. */
export function relayTokenPage(report: TokenReport, { columns, paint }: View): string[] {
  const { environment, endedAnother, read } = report;
  const others = endedAnother
    ? 'The token before it is taken too, until the next change; the one before that ends within minutes.'
    : 'The token before it is taken too, until the next change.';
  return [
    `${paint.green('Made:')} the next token of the relay of ${environment}.`,
    others,
    `Read it: ${unbroken(read)}`,
    'Then put it where events are sent from: in Dify as the API key of the tracing provider Phoenix, elsewhere as Authorization: Bearer <token>.',
  ].flatMap((line) => wrap(line, columns));
}
