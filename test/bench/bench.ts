import '../prove/powertools.ts';
import { Argument, Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { bundles } from './bundles.ts';
import { calls } from './calls.ts';
import { emergency } from './emergency.ts';
import { guard } from './guard.ts';
import { imports } from './imports.ts';
import { isMet, type Part, type Row, ratioOf } from './measurement.ts';
import { page } from './page.ts';
import { relay } from './relay.ts';
import { scan } from './scan.ts';
import { sweep } from './sweep.ts';
import { synth } from './synth.ts';

const PARTS: readonly Part[] = [
  bundles,
  imports,
  calls,
  emergency,
  sweep,
  guard,
  relay,
  scan,
  synth,
];

interface Options {
  readonly runs?: number;
  readonly json?: true;
}

const { stdout, stderr } = process;
const paint = pc.createColors(stdout.isTTY === true && !process.env.NO_COLOR);
const columns = Math.min(100, stdout.columns || Number(process.env.COLUMNS) || 100);

/** A benchmark tells; whether a missed bar is a failure is for whoever reads it. */
async function bench(names: readonly string[], { runs, json }: Options) {
  const measured: object[] = [];
  for (const part of PARTS) {
    if (names.length > 0 && !names.includes(part.name)) continue;
    const progress = (text: string) => tellProgress(`${part.name}: ${text}`);
    const rows = await part.measure({ progress, ...(runs ? { runs } : {}) });
    tellProgress('');
    measured.push({ part: part.name, rows: rows.map(judged) });
    if (!json) write(page(part.about, rows, { columns, paint, now: new Date() }));
  }
  if (json) write([JSON.stringify(measured, undefined, 2)]);
}

const judged = (row: Row) => ({ ...row, ratio: ratioOf(row), met: isMet(row) });
const write = (lines: readonly string[]) => void stdout.write(`${lines.join('\n')}\n`);

/** One line that is written over on a terminal; nothing elsewhere. */
function tellProgress(text: string) {
  if (!stderr.isTTY) return;
  stderr.write(`\r\u001B[K${text && `… ${text}`.slice(0, (stderr.columns ?? 80) - 1)}`);
}

function runsOf(text: string): number {
  const runs = Number(text);
  if (Number.isSafeInteger(runs) && runs >= 1) return runs;
  throw new InvalidArgumentError('A number of runs is a whole number from 1 on.');
}

const command = new Command('bench')
  .usage('[part…] [options]')
  .description('Measures speed against floors and peers taken in the same run.')
  .addArgument(new Argument('[part...]').choices(PARTS.map(({ name }) => name)))
  .option('--runs <n>', 'how often each is measured; the median counts', runsOf)
  .option('--json', 'one JSON document on stdout')
  .addHelpText(
    'after',
    `
Parts:
${PARTS.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')}

Examples:
  npm run bench
  npm run bench -- imports --runs 41
  npm run bench -- calls sweep --json`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(bench);

await command.parseAsync();
