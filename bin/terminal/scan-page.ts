import { type Gap, placeOf } from '../operator/search.ts';
import type { Find, Unsearched } from '../scan/find.ts';
import type { KnownKeys } from '../scan/known-keys.ts';
import type { ScanReport } from '../scan/report.ts';
import { amount } from './amount.ts';
import { unbroken, wrap } from './layout.ts';
import { inOrder } from './state-order.ts';
import type { View } from './terminal.ts';
import { relative, utc } from './times.ts';

/** Rotations are rare, but a key may be staged any day. */
const STALE_MS = 7 * 86_400_000;
/** More lines help nobody; --json has them all. */
const MOST_PLACES = 50;
const MOST_UNSCANNED = 10;

export function scanPage(report: ScanReport, view: View): string[] {
  const { columns } = view;
  const fingerprints = new Set(inOrder(report.keys).map(({ fingerprint }) => fingerprint));
  const inHistory = report.finds.some(({ where }) => where === 'history');
  return [
    ...[...fingerprints].flatMap((one) => [...keySection(report, one, view), '']),
    ...(inHistory ? [...wrap(CLONES, columns), ''] : []),
    ...wrap(summary(report), columns),
    ...report.notes.flatMap((note) => wrap(note, columns)),
    ...comparedWith(report, view).flatMap((line) => wrap(line, columns)),
    ...notScanned(report.notScanned, view),
    ...notCompared(report.notCompared, view),
  ];
}

const CLONES =
  'A key is not taken back from clones and forks by rewriting the history: replace it first.';

function keySection({ keys, finds }: ScanReport, fingerprint: string, view: View): string[] {
  const { columns, paint } = view;
  const its = inOrder(keys.filter((key) => key.fingerprint === fingerprint));
  const names = its.map(
    ({ environment, key, state, name }) =>
      `${paint.bold(`${environment}/${key}`)}, ${state}${name ? `, "${name}"` : ''}`,
  );
  const places = finds.filter((find) => find.fingerprint === fingerprint);
  return [
    ...wrap(`${paint.red('Found')} key ${fingerprint}: ${names.join('; ')}`, columns, '', '  '),
    '',
    ...limited(places.map(lineOf), MOST_PLACES).flatMap((line) => wrap(line, columns, '  ', '  ')),
    '',
    ...[...new Set(its.map(({ next }) => next))].flatMap((next) => wrap(next, columns)),
  ];
}

/** Where a find is, on a line. */
function lineOf(find: Find): string {
  const times = find.times > 1 ? `, ${find.times} times` : '';
  const position = find.line === undefined ? '' : `:${find.line}:${find.column}`;
  switch (find.where) {
    case 'file':
      return `${unbroken(find.path)}${position}${times}`;
    case 'staged file':
      return `${unbroken(find.path)}${position}, staged${times}`;
    case 'file name':
      return `${unbroken(find.path)}, in its name`;
    case 'history':
      return find.path === undefined
        ? `object ${find.object.slice(0, SHORT_ID)}${position}${times}, in no commit: it is staged, or was. What is unused goes with git gc --prune=now`
        : `${unbroken(find.path)}${position}${times}, ${introduction(find)}`;
    case 'commit message':
      return `the message of commit ${find.object.slice(0, SHORT_ID)}${times}`;
    case 'tag message':
      return `the message of tag ${find.object.slice(0, SHORT_ID)}${times}`;
  }
}

const SHORT_ID = 12;

function introduction({ commit, committedAt, versions }: Extract<Find, { where: 'history' }>) {
  const since = `since commit ${commit?.slice(0, SHORT_ID)} of ${committedAt?.slice(0, 10)}`;
  return versions > 1 ? `${since}, in ${versions} versions of the file` : since;
}

function summary({ finds, scanned, compared, notCompared, notScanned }: ScanReport): string {
  if (compared.fingerprints === 0) {
    return notCompared.length > 0
      ? 'Nothing was scanned, since no fingerprint of a key is known.'
      : `Nothing was scanned: there is no key in ${compared.environments.join(', ')} yet.`;
  }
  const where = partsOf(scanned).join(' and ');
  if (finds.length > 0) return `Scanned ${where}.`;
  const complete = notCompared.length + notScanned.length === 0;
  return `No key was found in ${where}${complete ? '' : ', but that is not all'}.`;
}

function partsOf({ files, staged, history }: ScanReport['scanned']): string[] {
  return [
    ...(files ? [amount(files.count, files.bytes, 'file')] : []),
    ...(staged ? [amount(staged.count, staged.bytes, 'staged file')] : []),
    ...(history ? [`${amount(history.count, history.bytes, 'object')} of the history`] : []),
  ];
}

function comparedWith({ compared }: ScanReport, { now, paint }: View): string[] {
  const { fingerprints, environments, at, savedIn } = compared;
  if (fingerprints === 0) return [];
  const line = `Compared with ${fingerprints} ${fingerprints === 1 ? 'fingerprint' : 'fingerprints'} of ${environments.join(', ')}`;
  if (savedIn === undefined) return [`${line}.`];
  const saved = `${line}, saved ${relative(at, now)}, ${utc(at)}.`;
  if (now.getTime() - Date.parse(at) < STALE_MS) return [saved];
  return [saved, `${paint.yellow('Save them again,')} ${STALE}`];
}

const STALE = 'since keys that were handed in later are not known: npx keyctl scan --save <file>';

/** A scan with a gap is no proof that a key is nowhere. */
const notCompared = (gaps: readonly Gap[], { columns, paint }: View) =>
  gaps.flatMap((gap) =>
    wrap(`${paint.yellow('Not compared:')} ${placeOf(gap)}. ${gap.message}`, columns, '', '  '),
  );

function notScanned(unsearched: readonly Unsearched[], { columns, paint }: View): string[] {
  const lines = unsearched.map(({ what, message }) => `${unbroken(what)}. ${message}`);
  return limited(lines, MOST_UNSCANNED).flatMap((line) =>
    wrap(`${paint.yellow('Not scanned:')} ${line}`, columns, '', '  '),
  );
}

function limited(lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most), `and ${lines.length - most} more: --json`];
}

export function savedPage(file: string, { keys, environments, gaps }: KnownKeys, view: View) {
  const count = new Set(keys.map(({ fingerprint }) => fingerprint)).size;
  const what = `${count} ${count === 1 ? 'fingerprint' : 'fingerprints'} of ${environments.join(', ')}`;
  return [
    ...wrap(
      `Saved ${what}. Compare with them: ${unbroken(`npx keyctl scan --fingerprints ${file}`)}`,
      view.columns,
    ),
    ...notCompared(gaps, view),
  ];
}
