/** What a text says as JSON; undefined of what is none. */
export function json(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
