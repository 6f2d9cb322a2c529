import type { KeyReport } from '../../lambda/payloads.ts';
import { loadEnvironments } from '../../lib/config.ts';
import type { Command } from '../keyctl/command.ts';
import { Refusal, wrongUse } from '../keyctl/refusal.ts';
import { chooseEnvironment, chooseKey } from '../keyctl/selection.ts';
import { isKeyLike } from '../operator/key-like.ts';
import { keyReport, stagedOf } from '../operator/own-key.ts';
import { openSession, type Session } from '../operator/session.ts';
import { deleteStaged } from '../operator/staged-parameter.ts';
import { wrap } from '../terminal/layout.ts';

export const unstage: Command = {
  name: 'unstage',
  group: 'Keys',
  summary: 'take a staged key back',
  description:
    'Deletes a staged key that was not promoted yet. The current key and what is retained stay as they are.',
  options: [['--fingerprint <fingerprint>', 'which one; may be left out when one is staged']],
  examples: [
    ['unstage --env dev --key server', 'the only staged key'],
    ['unstage --env dev --key server --fingerprint 3f2a9c01b7de', 'one of several'],
  ],
  async run(context, options) {
    if (options.fingerprint !== undefined) refuseOdd(options.fingerprint);
    const config = chooseEnvironment(await loadEnvironments(options.config), options);
    const key = chooseKey(config, options).name;
    const session = await openSession(context, config);
    const { environment } = session;
    const report = await keyReport(session, key);
    const fingerprint = options.fingerprint ?? onlyStaged(session, report);
    await deleteStaged(session, key, fingerprint);
    const pending = isPending(report, fingerprint);
    const warning = `A rotation with this key is pending: Secrets Manager holds it already and may still promote it. Follow it: npx keyctl status --env ${environment} --key ${key}`;
    return {
      json: { environment, key, unstaged: fingerprint, rotationPending: pending },
      text: ({ columns, paint }) => [
        `Key ${paint.bold(fingerprint)} is no longer staged for ${environment}/${key}.`,
        ...(pending ? wrap(`${paint.yellow('Warning:')} ${warning}`, columns) : []),
      ],
    };
  },
};

/** A parameter put by hand may be named otherwise than by a fingerprint, but never by a path or a key. */
function refuseOdd(fingerprint: string): void {
  if (/^[\w.-]{1,64}$/.test(fingerprint) && !isKeyLike(fingerprint)) return;
  throw wrongUse('A fingerprint is 12 hex digits, as npx keyctl status shows it.');
}

function onlyStaged({ environment }: Session, report: KeyReport): string {
  const [only, ...others] = stagedOf(report);
  if (!only) {
    throw new Refusal('NOTHING_STAGED', `No key is staged for ${environment}/${report.key}.`);
  }
  if (others.length === 0) return only.fingerprint;
  const all = report.staged.map(({ fingerprint, name }) => `${fingerprint} ("${name}")`).join(', ');
  throw wrongUse(
    `Several keys are staged, say which: --fingerprint <fingerprint>. There are: ${all}.`,
  );
}

const isPending = ({ versions }: KeyReport, fingerprint: string) =>
  versions.some((version) => version.state === 'pending' && version.fingerprint === fingerprint);
