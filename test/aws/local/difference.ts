import type { KnownDifference } from './known-differences.ts';

/** What a server answers where a row of ours expects something else; undefined where it agrees. */
export async function differenceOf(run: () => Promise<void>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return recognizable(isAssertion(error) ? JSON.stringify(error.actual) : String(error));
  }
}

const isAssertion = (error: unknown): error is Error & { readonly actual: unknown } =>
  error instanceof Error && error.name === 'AssertionError';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The same in every run: ids are numbered as they come, names and times taken out. */
function recognizable(text: string): string {
  const ids = [...new Set(text.match(UUID))];
  return text
    .replace(UUID, (id) => `v${ids.indexOf(id) + 1}`)
    .replace(/amplitude\/dev\/key-\d+/g, 'NAME')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
}

/** What a row found that known-differences.ts doesn't say, or no longer finds though it does. */
export function surpriseOf(
  row: number,
  difference: string | undefined,
  known: readonly KnownDifference[],
): string | undefined {
  const said = known.find((one) => one.row === row)?.answer;
  if (difference === said) return undefined;
  if (difference === undefined) return 'answers as AWS now: it is no known difference any more';
  return `differs from AWS as nobody wrote down: ${difference}`;
}
