import { parseLine, type TrailLine } from './trail-line.ts';

export interface History {
  /** Oldest first. */
  readonly lines: readonly TrailLine[];
  /** How many more times a line was written, by a step that was run again. */
  readonly repeated: number;
  /** How many lines of the trail are none. */
  readonly malformed: number;
}

export interface Asked {
  /** undefined: from the first line on. */
  readonly since: Date | undefined;
  /** undefined: all keys. */
  readonly key: string | undefined;
}

/** What the messages of the trail tell, each transition once. */
export function historyOf(messages: readonly string[], { since, key }: Asked): History {
  const parsed = messages.map(parseLine).filter((line) => line !== undefined);
  const asked = parsed.filter(
    (line) => line.key === (key ?? line.key) && (!since || new Date(line.at) >= since),
  );
  const written = asked.toSorted((a, b) => a.at.localeCompare(b.at));
  const lines = withoutRepeats(written);
  return {
    lines,
    repeated: written.length - lines.length,
    malformed: messages.length - parsed.length,
  };
}

/** A key may be staged, taken back and staged again: only what repeats its last line is no news. */
function withoutRepeats(lines: readonly TrailLine[]): TrailLine[] {
  const last = new Map<string, string>();
  return lines.filter(({ key, transition, versionId = '', fingerprint = '' }) => {
    const subject = JSON.stringify([key, fingerprint || versionId]);
    const told = JSON.stringify([transition, versionId]);
    const isNews = last.get(subject) !== told;
    last.set(subject, told);
    return isNews;
  });
}
