/** A schedule of the local AWS ticks every ten, and a busy machine takes its time. */
const SECONDS = 45;

/** Asks again, soon and for some seconds, until the answer is one. */
export async function eventually<Answer>(ask: () => Promise<Answer | undefined | false>) {
  const deadline = performance.now() + SECONDS * 1_000;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`It did not happen in ${SECONDS} s.`);
}
