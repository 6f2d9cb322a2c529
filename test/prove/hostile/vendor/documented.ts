import type { Check } from '../../../../lambda/domain/verdict.ts';
import type { VerdictWord } from '../../../../lambda/payloads.ts';

type Json = Readonly<Record<string, unknown>> | undefined;

/** What Amplitude's pages say of an answer that came whole; all else is unknown. */
export function documented(check: Check, status: number, body: string): VerdictWord {
  if (check === 'secret') {
    if (status === 401 || status === 403) return 'rejected';
    return status === 200 && Array.isArray(objectIn(body)?.data) ? 'accepted' : 'unknown';
  }
  const answer = objectIn(body);
  return check === 'query' ? ofQuery(status, answer) : ofCanary(status, answer);
}

function ofQuery(status: number, answer: Json): VerdictWord {
  if (status === 401 && answer?.error_code === 'invalid_api_key') return 'rejected';
  const { status: word } = Object(answer?.data) as { status?: unknown };
  const words: readonly unknown[] = ['observed', 'not_observed', 'inconclusive'];
  return status === 200 && words.includes(word) ? 'accepted' : 'unknown';
}

function ofCanary(status: number, answer: Json): VerdictWord {
  if (status === 200 && answer?.code === 200) return 'accepted';
  const says = answer?.error;
  return status === 400 && typeof says === 'string' && says.startsWith('Invalid API key')
    ? 'rejected'
    : 'unknown';
}

function objectIn(body: string): Json {
  if (body.length > 65_536) return undefined;
  try {
    const json: unknown = JSON.parse(body.replace(/^\ufeff/, ''));
    return typeof json === 'object' && json !== null ? (json as Json) : undefined;
  } catch {
    return undefined;
  }
}
