import type { AssessReport, ReaderReport, RiskLevel } from '../payloads.ts';
import type { ManagedKey } from './managed-key.ts';

type Risk = AssessReport['risk'];

/** What the level depends on. */
export interface Exposure {
  readonly managed: Pick<ManagedKey, 'kind' | 'audience' | 'sensitivity'>;
  readonly readers: readonly Pick<ReaderReport, 'principal' | 'known'>[];
  /** False: there may be readers that nobody saw. */
  readonly complete: boolean;
}

/** So many strangers are named. */
const A_FEW = 5;

/**
 * The highest level that applies, with all reasons for it. A browser key that opens nothing
 * sensitive is everybody's to read.
 */
export function riskOf({ managed, readers, complete }: Exposure): Risk {
  if (isPublic(managed)) {
    return { level: 'low', reasons: ['A browser key: it is public by design.'] };
  }
  const strangers = readers.filter(({ known }) => !known).map(({ principal }) => principal);
  const grave = [
    ...(managed.kind === 'secret'
      ? ["A secret key: with its API key it reads and changes the project's data."]
      : []),
    ...(managed.sensitivity === 'sensitive'
      ? ['The configuration says that it opens sensitive data.']
      : []),
    ...(strangers.length > 0
      ? [`Readers that the configuration doesn't name: ${named(strangers)}.`]
      : []),
  ];
  const unseen = complete ? [] : ['Not all reads could be seen: others may have read it.'];
  const level: RiskLevel = grave.length > 0 ? 'high' : 'medium';
  const reasons = grave.length > 0 ? grave : [harmless(readers.length)];
  return { level, reasons: [...reasons, ...unseen] };
}

const isPublic = ({ kind, audience, sensitivity }: Exposure['managed']) =>
  kind === 'ingestion' && audience === 'browser' && sensitivity === 'normal';

const harmless = (readers: number) =>
  readers > 0
    ? 'An ingestion key: it only writes events, and only known consumers read it.'
    : 'An ingestion key: it only writes events, and nobody is known to have read it.';

function named(principals: readonly string[]): string {
  const more = principals.length - A_FEW;
  const list = principals.slice(0, A_FEW).join(', ');
  return more > 0 ? `${list} and ${more} more` : list;
}
