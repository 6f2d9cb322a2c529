import { ATTACK_KINDS, type AttackName } from './attacks.ts';
import type { Found, Judgement } from './judge.ts';
import { PER_READS } from './violations.ts';

type Judgements = ReadonlyMap<string, Judgement>;

const number = (count: number) => count.toLocaleString('en');
const alarmsTold = (count: number) => (count === 1 ? '1 false alarm' : `${count} false alarms`);
const foundIn = (all: readonly Found[]) => all.filter(({ isFound }) => isFound).length;
const rateOf = ({ falseAlarms, reads }: Judgement) =>
  reads === 0 ? 0 : (falseAlarms.length * PER_READS) / reads;

export function summaryOf(judgements: Judgements): string {
  const [first] = judgements.values();
  const each = [...judgements].map(([what, judgement]) => {
    const { found, falseAlarms, quarantined } = judgement;
    return `${what} ${foundIn(found)} of ${found.length} attacks found, ${alarmsTold(falseAlarms.length)} (${rateOf(judgement).toFixed(2)} in ${number(PER_READS)} reads), ${quarantined.length} good readers quarantined`;
  });
  return `${number(first?.events ?? 0)} events, ${number(first?.reads ?? 0)} reads: ${each.join('; ')}`;
}

/** A line for each kind of attack, and for what is counted besides. */
export function rowsOf(judgements: Judgements): string[] {
  const width = Math.max(...ATTACK_KINDS.map(({ name }) => name.length));
  const of = (what: string, cells: readonly string[]) =>
    [what.padEnd(width), ...cells.map((cell) => cell.padEnd(40))].join('  ').trimEnd();
  const all = [...judgements.values()];
  return [
    of('', [...judgements.keys()]),
    ...ATTACK_KINDS.map(({ name }) =>
      of(
        name,
        all.map((one) => kindTold(one, name)),
      ),
    ),
    ...all.map((one, index) => `${[...judgements.keys()][index]}: ${besidesTold(one)}`),
  ];
}

function kindTold({ found }: Judgement, kind: AttackName): string {
  const theirs = found.filter(({ planted }) => planted.kind === kind);
  const [lowest, median] = scoresOf(theirs);
  return `${foundIn(theirs)} of ${theirs.length}, scores from ${lowest}, median ${median}`;
}

/** The lowest and the median of the highest score of each. */
function scoresOf(found: readonly Found[]): [number, number] {
  const scores = found.map(({ score }) => score).sort((one, other) => one - other);
  return [scores[0] ?? 0, scores[Math.floor(scores.length / 2)] ?? 0];
}

const besidesTold = (one: Judgement) =>
  [
    `${one.messages} messages`,
    `${alarmsTold(one.earlierAlarms.length)} in the three weeks before`,
    `${one.promised} denied reads, changed trails and unannounced addresses told as promised`,
    `${one.besideScrapers.length} reads told beside a scraper's`,
    `${foundIn(one.beyond)} of ${one.beyond.length} thefts found that a log can hardly tell`,
  ].join(', ');

export function figuresOf(judgements: Judgements): Record<string, number> {
  const figures = [...judgements].flatMap(([what, one]) =>
    Object.entries(figuresIn(one)).map(([name, value]) => [`${snake(what)}_${name}`, value]),
  );
  return Object.fromEntries(figures);
}

function figuresIn(one: Judgement): Record<string, number> {
  const kinds = ATTACK_KINDS.flatMap(({ name }) => {
    const theirs = one.found.filter(({ planted }) => planted.kind === name);
    const [lowest, median] = scoresOf(theirs);
    return Object.entries({ planted: theirs.length, found: foundIn(theirs), lowest, median }).map(
      ([what, value]) => [`${snake(name)}_${what}`, value] as const,
    );
  });
  return {
    events: one.events,
    reads: one.reads,
    attacks: one.found.length,
    found: foundIn(one.found),
    false_alarms: one.falseAlarms.length,
    good_readers_quarantined: one.quarantined.length,
    messages: one.messages,
    earlier_false_alarms: one.earlierAlarms.length,
    told_as_promised: one.promised,
    beside_scrapers: one.besideScrapers.length,
    beyond: one.beyond.length,
    beyond_found: foundIn(one.beyond),
    ...Object.fromEntries(kinds),
  };
}

const snake = (words: string) => words.toLowerCase().replaceAll(/[^a-z]+/g, '_');
