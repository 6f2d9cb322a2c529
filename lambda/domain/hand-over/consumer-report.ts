import type { ConsumerReport } from '../../payloads.ts';
import type { KeyFacts } from '../key-facts.ts';
import { currentSince } from './current-since.ts';
import { isGranted, serviceName } from './services.ts';
import type { Standings } from './standing.ts';

/** Who may read the key, and how far those are with it that are handed it. */
export function consumerReports(
  facts: KeyFacts,
  standings: Standings,
  now: Date,
): readonly ConsumerReport[] {
  const since = currentSince(facts, now)?.toISOString();
  return facts.managed.consumers.map((consumer) => {
    const { principal, expires } = consumer;
    const service = consumer.service && serviceName(consumer.service);
    const standing = service && isGranted(consumer, now) ? standings.get(service) : undefined;
    return {
      principal,
      ...(expires ? { expires: expires.toISOString() } : {}),
      ...(service ? { service } : {}),
      ...(standing ? { standing: standing.word, ...(since ? { since } : {}) } : {}),
      ...(standing?.why ? { why: standing.why } : {}),
    };
  });
}
