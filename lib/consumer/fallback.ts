import { isOutcast, parseRetainedUntil } from '../../lambda/domain/labels.ts';

/** One label of each version that readers may fall back to, the last replaced first. */
export function fallbackLabels(versions: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.values(versions)
    .filter((labels) => !labels.includes('AWSCURRENT') && !isOutcast(labels))
    .flatMap((labels) => readable(labels).slice(0, 1))
    .sort((one, other) => rank(other) - rank(one));
}

const readable = (labels: readonly string[]) =>
  labels.filter((label) => rank(label) > 0).sort((one, other) => rank(other) - rank(one));

const rank = (label: string) =>
  label === 'AWSPREVIOUS' ? Number.POSITIVE_INFINITY : (parseRetainedUntil(label)?.getTime() ?? 0);
