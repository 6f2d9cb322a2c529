type Kind = 'word' | 'text' | 'regex' | 'mark';

interface Token {
  readonly kind: Kind;
  readonly value: string;
}

const PATTERN =
  /\s*(?:([\w@.]+|`[^`]+`)|"([^"\\]*)"|'([^'\\]*)'|\/((?:[^/\\]|\\.)+)\/|([<>]=|[|,()[\]=*]))/y;

/** The words of a query, one after another. */
export class Tokens {
  readonly #query: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(query: string) {
    this.#query = query;
    this.#tokens = split(query);
  }

  get atEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  /** Whether the mark or word comes next; passed if so. */
  skip(value: string): boolean {
    const token = this.#tokens[this.#next];
    const isNext = token?.value === value && ['word', 'mark'].includes(token.kind);
    if (isNext) this.#next += 1;
    return isNext;
  }

  pass(value: string): void {
    if (!this.skip(value)) this.refuse();
  }

  take(kind: Kind): string {
    return this.takeIf(kind) ?? this.refuse();
  }

  takeIf(kind: Kind): string | undefined {
    const token = this.#tokens[this.#next];
    if (token?.kind !== kind) return undefined;
    this.#next += 1;
    return token.value;
  }

  /** One or more, with commas between. */
  list<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.skip(',')) items.push(item());
    return items;
  }

  refuse(): never {
    const { value = 'the end' } = this.#tokens[this.#next] ?? {};
    return unknown(value, this.#query);
  }
}

function split(query: string): Token[] {
  const tokens: Token[] = [];
  const text = query.trimEnd();
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < text.length) {
    const at = PATTERN.lastIndex;
    const [, word, double, single, regex, mark] = PATTERN.exec(text) ?? unknown(text[at], query);
    const quoted = double ?? single;
    if (word !== undefined) tokens.push({ kind: 'word', value: word.replaceAll('`', '') });
    else if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted });
    else if (regex !== undefined) tokens.push({ kind: 'regex', value: regex });
    else if (mark !== undefined) tokens.push({ kind: 'mark', value: mark });
  }
  return tokens;
}

function unknown(what: string | undefined, query: string): never {
  throw new Error(`The fake of Logs Insights does not know "${what}" there: ${query}`);
}
