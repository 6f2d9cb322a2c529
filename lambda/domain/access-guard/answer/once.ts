/** Asks the same thing once in a batch, however many uses want to know. */
export function once<Answer>(
  ask: (what: string) => Promise<Answer>,
): (what: string) => Promise<Answer> {
  const asked = new Map<string, Promise<Answer>>();
  return (what) => {
    const before = asked.get(what);
    if (before) return before;
    const answer = ask(what);
    asked.set(what, answer);
    return answer;
  };
}
