import pc from 'picocolors';
import { type Row, table, wrap } from '../../bin/terminal/layout.ts';

const colours = process.stdout.isTTY === true && !process.env.NO_COLOR;
const paint = pc.createColors(colours);
const write = (text: string) => void process.stdout.write(`${text}\n`);

const INDENT = '   ';
/** Characters that fit beside the indent of what is told. */
export const width = (Number(process.env.COLUMNS) || process.stdout.columns || 100) - INDENT.length;

let chapters = 0;

export function chapter(title: string) {
  chapters += 1;
  write(`\n${paint.bold(`${chapters}. ${title}`)}`);
}

export const say = (text: string) => write(`${INDENT}${text}`);

export const pause = () => write('');

/** Says what is begun, and once it is done how long it took. */
export async function sayHowLong(what: string, done: Promise<{ readonly milliseconds: number }>) {
  process.stdout.write(`${INDENT}${what.padEnd(30)}`);
  write(seconds((await done).milliseconds).padStart(7));
}

/** What a person types, and what they see. */
export function showCommand(command: string, output: string) {
  write(`\n   ${paint.cyan(`$ ${command}`)}`);
  for (const line of fitted(output)) write(`${INDENT}${line}`.trimEnd());
}

/** Messages as a mailbox shows them. */
export function showMail(mail: readonly { readonly Subject?: string; readonly Message: string }[]) {
  for (const { Subject = '', Message } of mail) {
    write(`\n${INDENT}${paint.cyan(`✉ ${Subject}`)}`);
    for (const line of Message.split('\n')) {
      for (const part of wrap(line, width - 2)) write(`${INDENT}  ${part}`.trimEnd());
    }
  }
}

/** A file, as it is. */
export function showText(text: string) {
  write('');
  for (const line of fitted(text)) write(`${INDENT}${line}`.trimEnd());
}

/** As a terminal of this width shows it. */
const fitted = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .flatMap((line) => (line.length > width ? wrap(line, width) : [line]));

export function showTable(head: readonly string[], rows: readonly Row['cells'][]) {
  const view = { columns: width, paint, now: new Date() };
  write('');
  for (const line of table(
    head,
    rows.map((cells) => ({ cells })),
    view,
  ))
    write(`${INDENT}${line}`);
}

export const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;
