/** Asks again, soon and for some seconds, until the answer is one. */
export async function eventually<Answer>(ask: () => Promise<Answer | undefined | false>) {
  const deadline = performance.now() + 15_000;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error('It did not happen in 15 s.');
}
