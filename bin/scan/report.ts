import type { Fingerprint } from '../../lambda/domain/secret-value.ts';
import type { Gap } from '../operator/search.ts';
import type { Find, Searched, Unsearched } from './find.ts';
import type { KnownKey, KnownKeys } from './known-keys.ts';
import { nextStep } from './next-step.ts';
import type { Scanned } from './scan.ts';

/** What a scan found, and what it can't tell. */
export interface ScanReport {
  /** Nothing was found, and all was searched and compared. */
  readonly clean: boolean;
  /** What was found, and what to do next. */
  readonly keys: readonly (KnownKey & { readonly next: string })[];
  readonly finds: readonly Find[];
  readonly compared: {
    readonly fingerprints: number;
    readonly environments: readonly string[];
    /** When AWS told them. */
    readonly at: string;
    readonly savedIn?: string;
  };
  readonly scanned: Readonly<Partial<Record<Part, Amount>>>;
  readonly notes: readonly string[];
  readonly notCompared: readonly Gap[];
  readonly notScanned: readonly Unsearched[];
}

export type Part = 'files' | 'history' | 'staged';
export type Amount = Pick<Searched, 'count' | 'bytes'>;

export function scanReport(
  { keys, environments, at, gaps }: KnownKeys,
  { files, history, staged, notes }: Scanned,
  savedIn: string | undefined,
): ScanReport {
  const parts = { ...(files && { files }), ...(history && { history }), ...(staged && { staged }) };
  const searched = Object.values(parts);
  const finds = searched.flatMap((part) => part.finds);
  const notScanned = searched.flatMap(({ unsearched }) => unsearched);
  const found = new Set<Fingerprint>(finds.map(({ fingerprint }) => fingerprint));
  return {
    clean: finds.length === 0 && notScanned.length === 0 && gaps.length === 0,
    keys: keys
      .filter(({ fingerprint }) => found.has(fingerprint))
      .map((key) => ({ ...key, next: nextStep(key) })),
    finds: finds.sort(byPlace),
    compared: {
      fingerprints: new Set(keys.map(({ fingerprint }) => fingerprint)).size,
      environments,
      at: at.toISOString(),
      ...(savedIn === undefined ? {} : { savedIn }),
    },
    scanned: Object.fromEntries(
      Object.entries(parts).map(([part, { count, bytes }]) => [part, { count, bytes }]),
    ),
    notes,
    notCompared: gaps,
    notScanned,
  };
}

/** By name within each place; what can be mended at once comes first. */
const byPlace = (a: Find, b: Find) => rankOf(a) - rankOf(b) || nameOf(a).localeCompare(nameOf(b));

/** Objects that no commit has come after the paths of the history. */
const rankOf = (find: Find) => ORDER.indexOf(find.where) + ('path' in find ? 0 : 0.5);

const ORDER: readonly Find['where'][] = [
  'staged file',
  'file',
  'file name',
  'history',
  'commit message',
  'tag message',
];
const nameOf = (find: Find) =>
  ('path' in find && find.path) || ('object' in find && find.object) || '';
