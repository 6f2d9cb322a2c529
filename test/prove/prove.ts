import './powertools.ts';
import { Argument, Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { keyless } from '../../lambda/domain/keyless.ts';
import { crashes } from './crashes/crashes.ts';
import { hostile } from './hostile/hostile.ts';
import { leaks } from './leaks/leaks.ts';
import type { Outcome, Proof, ProofOptions } from './proof.ts';
import { relay } from './relay/relay.ts';
import { replay } from './replay/replay.ts';
import { simulation } from './simulation/simulation.ts';

const PROOFS: readonly Proof[] = [crashes, simulation, leaks, hostile, replay, relay];

interface Options {
  readonly seed: number;
  readonly short?: true;
  readonly json?: true;
}

const { stdout, stderr } = process;
const colors = (stream: NodeJS.WriteStream) =>
  pc.createColors(stream.isTTY && !process.env.NO_COLOR);

async function prove(names: readonly string[], { seed, short, json }: Options) {
  const proofs = PROOFS.filter(({ name }) => names.length === 0 || names.includes(name));
  const results: object[] = [];
  for (const proof of proofs) {
    const started = performance.now();
    const progress = progressOf(proof.name);
    const options: ProofOptions = { seed, size: short ? 'short' : 'long', progress: progress.say };
    const outcome = await proof.run(options).catch(ended);
    progress.end();
    const milliseconds = Math.round(performance.now() - started);
    results.push({ proof: proof.name, seed, milliseconds, ...outcome });
    if (!json) tell(proof, outcome, milliseconds);
    if (outcome.violations.length > 0) process.exitCode = 1;
  }
  if (json) stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
}

/** A search that ends with an error proved nothing, and the others go on. */
function ended(error: unknown): Outcome {
  const how = keyless(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return {
    summary: 'ended with an error',
    figures: {},
    violations: [{ promise: 'The search itself ends.', how }],
  };
}

function tell({ name }: Proof, { summary, rows = [], violations }: Outcome, milliseconds: number) {
  const paint = colors(stdout);
  const mark = violations.length === 0 ? paint.green('✓') : paint.red('✗');
  const seconds = paint.dim(`${(milliseconds / 1000).toFixed(1)} s`);
  stdout.write(`${mark} ${paint.bold(name)}: ${summary}  ${seconds}\n`);
  for (const row of rows) stdout.write(`  ${paint.dim(row)}\n`);
  for (const { promise, how } of violations) {
    stdout.write(`  ${paint.red(promise)}\n`);
    for (const line of how.split('\n')) stdout.write(`    ${line}\n`);
  }
}

/** One line that is written over on a terminal; nothing elsewhere. */
function progressOf(name: string) {
  if (!stderr.isTTY) return { say: () => {}, end: () => {} };
  const clear = '\r\u001B[K';
  const write = (text: string) =>
    stderr.write(`${clear}${`… ${name}: ${text}`.slice(0, (stderr.columns ?? 80) - 1)}`);
  return { say: (text: string) => void write(text), end: () => void stderr.write(clear) };
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError('A seed is a whole number from 0 on.');
}

const command = new Command('prove')
  .usage('[proof…] [options]')
  .description(
    'Searches for ways to break the promises of the README; ends with 1 if it finds one.',
  )
  .addArgument(new Argument('[proof...]').choices(PROOFS.map(({ name }) => name)))
  .option('--seed <n>', 'what random searches start from', seedOf, 90)
  .option('--short', 'the part that every commit is checked with')
  .option('--json', 'one JSON document on stdout')
  .addHelpText(
    'after',
    `
Proofs:
${PROOFS.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')}

Examples:
  npm run prove
  npm run prove -- --short
  npm run prove -- simulation --seed 7`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(prove);

await command.parseAsync();
