import type { KeyReport, VersionReport } from '../../lambda/payloads.ts';
import type { Outcome } from '../keyctl/command.ts';
import type { Started } from '../operator/rotation-milestones.ts';
import { table, wrap } from './layout.ts';
import type { View } from './terminal.ts';
import { utcAndRelative } from './times.ts';

interface Doing {
  readonly cleared: boolean;
  readonly seconds: number;
}

/** What a rotation did: the key before, the key now. */
export function rotationOutcome(
  environment: string,
  { key, token, replaced }: Started,
  report: KeyReport,
  { cleared, seconds }: Doing,
): Outcome {
  const current = report.versions.find(({ versionId }) => versionId === token);
  const previous = report.versions.find(({ versionId }) => versionId === replaced);
  const { todo } = report;
  return {
    json: { environment, key, current, previous, clearedLeftover: cleared, seconds, todo },
    text: (view) => [
      ...wrap(`Key ${environment}/${key} was rotated in ${seconds} s.`, view.columns),
      '',
      ...table(['', 'KEY', 'NAME', 'STATE'], rows(current, previous, view), view),
      '',
      ...advice(report, previous, `npx keyctl status --env ${environment} --key ${key}`).flatMap(
        (line) => wrap(line, view.columns),
      ),
      ...todo.flatMap((line) => wrap(`Next: ${line}`, view.columns, '', '  ')),
    ],
  };
}

function rows(current: VersionReport | undefined, previous: VersionReport | undefined, view: View) {
  const until = previous?.retainedUntil;
  const retained = until ? `readable until ${utcAndRelative(until, view.now)}` : 'not retained';
  return [
    ...(previous ? [{ cells: ['before', ...identity(previous), retained] }] : []),
    ...(current ? [{ cells: ['now', ...identity(current), view.paint.green('current')] }] : []),
  ];
}

const identity = ({ fingerprint = '', name = '' }: VersionReport) => [fingerprint, name];

function advice(report: KeyReport, previous: VersionReport | undefined, status: string): string[] {
  const restart = restarts(report, status);
  if (!previous) return restart;
  return [
    ...restart,
    `Don't revoke ${previous.fingerprint ?? 'the replaced key'} at Amplitude before its retention is over.`,
  ];
}

/** ECS services are handed the key; whoever else reads it when it starts is not. */
function restarts(report: KeyReport, status: string): string[] {
  const { audience, consumers = [] } = report;
  const handed = consumers.filter(
    ({ service, standing }) => service && standing && standing !== 'not found',
  );
  const services = [...new Set(handed.map(({ service }) => service))].join(', ');
  const restarted = services ? [handOver(services, report, status)] : [];
  if (audience === 'browser')
    return [
      ...restarted,
      `Deploy what ${services ? 'else ' : ''}embeds the key; each anonymous visitor then gets a new device ID.`,
    ];
  if (!services) return ['Consumers that read the key when they start need a restart.'];
  return handed.length < consumers.length
    ? [...restarted, 'Other consumers that read the key when they start need a restart.']
    : restarted;
}

/** It may not have begun when this is told, and what fails of it is taken up by the sweep. */
const handOver = (services: string, { lockedDown }: KeyReport, status: string) =>
  lockedDown
    ? `Not restarted while reads are locked down: ECS ${services}. The hourly sweep does it once that is lifted.`
    : `A restart, which takes minutes, brings it to ECS ${services}. When they have it: ${status}`;
