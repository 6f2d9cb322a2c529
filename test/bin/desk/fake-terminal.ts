import pc from 'picocolors';
import type { Progress, Terminal } from '../../../bin/terminal/terminal.ts';

export interface Person {
  /** Piped into stdin, or typed at the hidden prompt. undefined: cancelled. */
  readonly key?: string | undefined;
  /** Typed at the prompt for the name. */
  readonly name?: string | undefined;
  /** Answer to a question of yes or no. undefined: cancelled. */
  readonly confirms?: boolean;
  /** @default false: pipes */
  readonly interactive?: boolean;
  readonly columns?: number;
}

/** What a terminal or a pipe shows. */
export class FakeTerminal implements Terminal {
  readonly columns: number;
  readonly paint = pc.createColors(false);
  readonly errorPaint = pc.createColors(false);
  readonly interactive: boolean;
  readonly questions: string[] = [];
  stdout = '';
  stderr = '';
  readonly #person: Person;

  constructor(person: Person) {
    this.#person = person;
    this.columns = person.columns ?? 80;
    this.interactive = person.interactive ?? false;
  }

  readonly out = (text: string) => {
    this.stdout += text;
  };

  readonly err = (text: string) => {
    this.stderr += text;
  };

  progress(): Progress {
    const tell = (text: string) => this.err(`${text}\n`);
    return { start: tell, update: tell, step: tell, done: tell, fail: tell };
  }

  async ask(question: string) {
    this.questions.push(question);
    return this.#person.name;
  }

  async confirm(question: string) {
    this.questions.push(question);
    return this.#person.confirms;
  }

  async readHidden(question: string) {
    if (this.interactive) this.questions.push(question);
    return this.#person.key;
  }
}
