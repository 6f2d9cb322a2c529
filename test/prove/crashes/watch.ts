import { KEYS, type World } from '../../lambda/world.ts';
import { ALWAYS, brokenBy, type Past, type Rule } from './promises.ts';
import { askedToRevoke } from './records.ts';
import { HOUR } from './scenario.ts';
import { compromisedIn, currentIn, inWords, type KeyWord, look, type Sight } from './sight.ts';

export interface Broken {
  readonly promise: string;
  readonly when: string;
  readonly seen: string;
}

/** The person who presses Revoke needs so long. */
const PRESSES_AFTER = 12 * HOUR;

interface Asked {
  readonly key: KeyWord;
  readonly at: number;
}

/** Looks at a world again and again, judges what it sees, and presses Revoke when it is asked to. */
export class Watch {
  readonly broken: Broken[] = [];
  readonly leaked: KeyWord[] = [];
  /** Whatever a revocation marks did leak: it wasn't told which key was meant. */
  believesMarks = false;
  readonly retention: number;
  readonly #world: World;
  #past: Past = { current: new Map(), replaced: new Set() };
  readonly #asked: Asked[] = [];
  #read: number;

  constructor(world: World, retention: number) {
    this.#world = world;
    this.retention = retention;
    this.#read = world.aws.sns.published.length;
    this.look('at first');
  }

  look(when: string, rules: readonly Rule[] = []): Sight {
    const now = look(this.#world);
    const { leaked, retention } = this;
    const marked = this.believesMarks ? compromisedIn(now) : [];
    leaked.push(...marked.filter((key) => !leaked.includes(key)));
    const watched = { now, past: this.#past, leaked, retention };
    for (const one of brokenBy([...ALWAYS, ...rules], watched)) this.#add({ ...one, when });
    this.#past = remember(this.#past, now);
    return now;
  }

  /** A person reads the mail, and presses Revoke some hours later. */
  readMail(when: string): void {
    const { aws, amplitude } = this.#world;
    const at = aws.clock.now().getTime();
    const fresh = aws.sns.published.slice(this.#read);
    this.#read = aws.sns.published.length;
    const keys = fresh.flatMap(({ message }) => askedToRevoke(inWords(message)));
    for (const key of keys.filter((key) => this.#isEarly(key, at))) {
      this.#add({ promise: 'Revoke is asked for in time', when, seen: `${key} too early` });
    }
    this.#asked.push(...keys.map((key) => ({ key, at })));
    const due = this.#asked.filter((asked) => at - asked.at >= PRESSES_AFTER);
    for (const { key } of due) amplitude.revoke(KEYS[key]);
  }

  /** All keys that were replaced or leaked. */
  get gone(): readonly KeyWord[] {
    return [...new Set([...this.#past.replaced, ...this.leaked])];
  }

  /** All keys that were current. */
  get held(): readonly KeyWord[] {
    return [...this.#past.current.keys()];
  }

  /** All keys that became current. */
  get promoted(): readonly KeyWord[] {
    return this.held.slice(1);
  }

  /** When a replaced key was seen as the current one last. */
  get lastReplaced(): Date | undefined {
    const times = this.replaced.flatMap((key) => this.#past.current.get(key) ?? []);
    return times.sort((one, other) => +other - +one)[0];
  }

  get replaced(): readonly KeyWord[] {
    return [...this.#past.replaced];
  }

  #isEarly(key: KeyWord, at: number): boolean {
    if (currentIn(look(this.#world)) === key) return true;
    const until = (this.#past.current.get(key)?.getTime() ?? 0) + this.retention;
    return !this.leaked.includes(key) && at < until;
  }

  add(promise: string, when: string, seen: string): void {
    this.#add({ promise, when, seen });
  }

  /** What lasts is told once. */
  #add(broken: Broken): void {
    const known = ({ promise, seen }: Broken) => promise === broken.promise && seen === broken.seen;
    if (!this.broken.some(known)) this.broken.push(broken);
  }
}

function remember(past: Past, now: Sight): Past {
  const current = currentIn(now);
  if (!current) return past;
  const others = [...past.current.keys()].filter((key) => key !== current);
  return {
    current: new Map(past.current).set(current, now.at),
    replaced: new Set([...past.replaced, ...others]),
  };
}
