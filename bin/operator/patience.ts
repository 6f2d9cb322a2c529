import type { Context, Pace } from '../keyctl/context.ts';

/** Asks again and again until there is an answer, or undefined when the time is up. */
export function patience({ clock, sleep }: Pick<Context, 'clock' | 'sleep'>, pace: Pace) {
  const deadline = clock.now().getTime() + pace.forMs;
  return async <Answer>(look: () => Promise<Answer>): Promise<Answer | undefined> => {
    while (true) {
      const answer = await look();
      if (answer) return answer;
      if (clock.now().getTime() >= deadline) return undefined;
      await sleep(pace.everyMs);
    }
  };
}
