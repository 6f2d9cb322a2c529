/** The text of an answer; empty of one that is longer, which is read no further. */
export async function readBody(response: Response, mostBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) return '';
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}
