export interface Duration {
  /** Of the processor, which others use as well; in steps of up to 4 ms. */
  readonly cpuMs: number;
  readonly elapsedMs: number;
}

export async function timed<Result>(
  work: () => Promise<Result>,
): Promise<Duration & { readonly result: Result }> {
  const before = process.threadCpuUsage();
  const started = performance.now();
  const result = await work();
  const elapsedMs = performance.now() - started;
  const { user, system } = process.threadCpuUsage(before);
  return { result, elapsedMs, cpuMs: (user + system) / 1_000 };
}

/** The shortest of three times, if the first was slow: garbage of earlier work may be collected in it. */
export async function quickest(
  first: Duration,
  work: () => Promise<Duration>,
  isSlow: (duration: Duration) => boolean,
): Promise<Duration> {
  let best = first;
  for (let more = 2; more > 0 && isSlow(best); more -= 1) {
    const next = await work();
    best = {
      cpuMs: Math.min(best.cpuMs, next.cpuMs),
      elapsedMs: Math.min(best.elapsedMs, next.elapsedMs),
    };
  }
  return best;
}
