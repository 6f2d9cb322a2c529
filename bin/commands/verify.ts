import type { VerdictWord, VerifyReport } from '../../lambda/payloads.ts';
import { loadEnvironments } from '../../lib/config.ts';
import type { Command, Outcome } from '../keyctl/command.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { chooseEnvironment, chooseKeys } from '../keyctl/selection.ts';
import { verify as ask } from '../operator/inspect.ts';
import { openSession, type Session } from '../operator/session.ts';
import { wrap } from '../terminal/layout.ts';
import { inOrder } from '../terminal/state-order.ts';
import type { View } from '../terminal/terminal.ts';

type Failure = { readonly key: string; readonly error: { code: string; message: string } };

export const verify: Command = {
  name: 'verify',
  group: 'Keys',
  summary: 'ask Amplitude about the current, staged and retained keys',
  description:
    'Has Amplitude judge every key that is current, staged or retained, and explains each answer with its HTTP status and remedy. Exit code 1: a current key is rejected, or a key could not be checked.',
  examples: [
    ['verify --env prod --key server', 'one key'],
    ['verify --env prod', 'all keys, one after the other: Amplitude allows few questions'],
    ['verify --env prod --json', 'for a program'],
  ],
  async run(context, options) {
    const config = chooseEnvironment(await loadEnvironments(options.config), options);
    const keys = chooseKeys(config, options).map(({ name }) => name);
    const session = await openSession(context, config);
    const reports: VerifyReport[] = [];
    const failures: Failure[] = [];
    for (const key of keys) {
      const report = await verdictsOn(session, key, keys.length === 1);
      if ('error' in report) failures.push(report);
      else reports.push(report);
    }
    return outcome(session.environment, reports, failures);
  },
};

/** One key that can't be checked doesn't hide the others; an environment that isn't there ends it. */
async function verdictsOn(session: Session, key: string, alone: boolean) {
  try {
    return await ask(session, key);
  } catch (error) {
    if (alone || !(error instanceof Refusal) || error.code === 'NOT_DEPLOYED') throw error;
    const { code, message } = error;
    return { key, error: { code, message } };
  }
}

function outcome(environment: string, keys: VerifyReport[], failed: Failure[]): Outcome {
  const bad = keys.some(({ checks }) =>
    checks.some(({ state, verdict }) => state === 'current' && verdict === 'rejected'),
  );
  return {
    json: { environment, keys, failed },
    exitCode: bad || failed.length > 0 ? 1 : 0,
    text: (view) =>
      [
        ...keys.map((report) => section(report, view)),
        ...failed.map(({ key, error }) => [
          view.paint.bold(`${environment}/${key}`),
          ...wrap(`${view.paint.red('not checked')}  ${error.message}`, view.columns, '  ', '  '),
        ]),
      ].flatMap((lines, at) => (at === 0 ? lines : ['', ...lines])),
  };
}

function section({ environment, key, checks }: VerifyReport, view: View): string[] {
  const title = view.paint.bold(`${environment}/${key}`);
  if (checks.length === 0) return [title, '  No key yet, nothing to ask about.'];
  return [title, ...inOrder(checks).flatMap((check) => lines(check, view))];
}

function lines(check: VerifyReport['checks'][number], { columns, paint }: View): string[] {
  const { state, fingerprint, name, verdict, explanation, remedy } = check;
  const coloured = colourOf(verdict, paint)(verdict);
  const called = name ? ` "${name}"` : '';
  return [
    ...wrap(`${coloured}  ${state} key ${fingerprint}${called}`, columns, '  ', '  '),
    ...wrap(`${explanation}.`, columns, '    '),
    ...(remedy ? wrap(`Next: ${remedy}.`, columns, '    ', '  ') : []),
  ];
}

function colourOf(verdict: VerdictWord, paint: View['paint']) {
  if (verdict === 'accepted') return paint.green;
  return verdict === 'rejected' ? paint.red : paint.yellow;
}
