import type { Progress as Searching } from '../scan/scan.ts';
import { amount } from './amount.ts';
import type { Progress } from './terminal.ts';

/** A line that is changed more often can't be read. */
const EVERY_MS = 200;

/** Shows how far a search is. */
export function searching(progress: Progress): Searching {
  let next = 0;
  return (what) => {
    const begin = performance.now();
    return (count, bytes) => {
      const now = performance.now();
      if (now < next) return;
      next = now + EVERY_MS;
      const speed = Math.round(bytes / 1000 / Math.max(1, now - begin));
      progress.update(`Scanning: ${amount(count, bytes, what)}, ${speed} MB/s`);
    };
  };
}
