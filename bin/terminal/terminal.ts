import type { createColors } from 'picocolors';

export type Paint = ReturnType<typeof createColors>;

/** What a text is laid out for. */
export interface View {
  readonly columns: number;
  readonly paint: Paint;
  readonly now: Date;
}

/** One line that lives until its work is done: a spinner on a terminal, plain lines elsewhere. */
export interface Progress {
  start(text: string): void;
  /** Changes the line where there is one; elsewhere nothing is written. */
  update(text: string): void;
  /** A part is done, the work goes on. */
  step(text: string): void;
  done(text: string): void;
  fail(text: string): void;
}

export interface Terminal {
  readonly columns: number;
  /** Of stdout; stderr may be a terminal when stdout is a pipe, and the other way round. */
  readonly paint: Paint;
  readonly errorPaint: Paint;
  /** A person is there to answer questions. */
  readonly interactive: boolean;
  /** Writes to stdout: results only. */
  out(text: string): void;
  /** Writes to stderr: everything else. */
  err(text: string): void;
  progress(): Progress;
  /** undefined when the person cancelled. */
  ask(question: string): Promise<string | undefined>;
  /** undefined when the person cancelled. */
  confirm(question: string): Promise<boolean | undefined>;
  /** A hidden prompt, or all of stdin when that is no terminal. undefined when cancelled. */
  readHidden(question: string): Promise<string | undefined>;
}
