import type { KeyReport } from '../../lambda/payloads.ts';
import type { Outcome } from '../keyctl/command.ts';
import { type Gap, placeOf } from '../operator/search.ts';
import { wrap } from './layout.ts';

interface Staged {
  readonly environment: string;
  readonly fingerprint: string;
  readonly name: string;
  /** Where the key could not be looked for. */
  readonly gaps: readonly Gap[];
}

/** What was handed in, what could not be checked, and what comes next. */
export function stageOutcome(
  { key, audience, nextRotationAt, versions }: KeyReport,
  { environment, fingerprint, name, gaps }: Staged,
): Outcome {
  const place = `${environment}/${key}`;
  const command = `npx keyctl rotate --env ${environment} --key ${key}`;
  const first = versions.some(
    ({ state, content }) => state === 'current' && content === 'placeholder',
  );
  const schedule =
    nextRotationAt && !first
      ? `the rotation on schedule promotes it, ${nextRotationAt.slice(0, 10)} at the latest; to promote it now: `
      : '';
  return {
    json: { environment, key, staged: fingerprint, name, notSearched: gaps, next: command },
    text: ({ columns, paint }) => {
      const notChecked = gaps.map(
        (gap) =>
          `${paint.yellow('Not checked:')} whether ${placeOf(gap)} holds this key too. ${gap.message}`,
      );
      const lines = [
        `Key ${paint.bold(fingerprint)} ("${name}") is staged for ${place}.`,
        ...notChecked,
        ...(audience === 'browser' ? [`${paint.yellow('Note:')} ${BROWSER}`] : []),
        `Next: ${schedule}${command}`,
      ];
      return lines.flatMap((line) => wrap(line, columns, '', '  '));
    },
  };
}

const BROWSER =
  'this is a browser key. Once it is promoted and deployed, each anonymous visitor gets a new device ID.';
