export interface Page<Item> {
  readonly items: readonly Item[];
  readonly NextToken?: string;
}

/** `refuse` throws the service's own error for a token that it never gave out. */
export function page<Item>(
  all: readonly Item[],
  size: number,
  token: string | undefined,
  refuse: () => never,
): Page<Item> {
  const start = token === undefined ? 0 : offsetOf(token, refuse);
  const end = start + size;
  const items = all.slice(start, end);
  return end < all.length ? { items, NextToken: tokenOf(end) } : { items };
}

const tokenOf = (offset: number) => Buffer.from(`page:${offset}`).toString('base64');

function offsetOf(token: string, refuse: () => never): number {
  const [, offset] = /^page:(\d+)$/.exec(Buffer.from(token, 'base64').toString()) ?? refuse();
  return Number(offset);
}
