import type { Moment } from './moment.ts';
import { currentKey } from './sight.ts';

/** What happened in a run, so that one in which nothing did can't pass. */
export class Tally {
  readonly counts: Record<string, number> = {};
  /** Promises asked. */
  checked = 0;

  add(what: string, times = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + times;
  }

  count({ act, before, after, output }: Moment, worked: boolean): void {
    const { by, request, error, isDone } = act;
    if (by === 'sweep') this.add(worked ? 'sweeps' : 'hindered sweeps');
    if (by === 'emergency' && request)
      this.add(`${request.action} ${error ? 'refused' : isDone ? 'done' : 'unfinished'}`);
    if (by === 'rotation' && error) this.add('rotations failed');
    if (currentKey(before) !== currentKey(after)) this.add(`promoted by ${by}`);
    for (const { transition } of output.transitions) this.add(transition);
  }
}

export function together(tallies: readonly Tally[]): Tally {
  const all = new Tally();
  for (const { counts, checked } of tallies) {
    all.checked += checked;
    for (const [what, times] of Object.entries(counts)) all.add(what, times);
  }
  return all;
}
