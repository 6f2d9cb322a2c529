import { functionName } from '../../lambda/contract.ts';
import { type Cast, DEV, SECRET } from './cast.ts';
import { chapter, sayHowLong, showTable } from './telling.ts';

const ROTATION = functionName('dev', 'rotation');

export async function deploy({ account }: Cast) {
  chapter('Deploy the stack to a local AWS');
  await sayHowLong('cdk bootstrap', account.bootstrap());
  await sayHowLong('cdk deploy AmplitudeKeys-dev', account.deploy('AmplitudeKeys-dev'));
  await account.openMailbox();
}

export async function handIn(cast: Cast) {
  chapter('Hand in the key that is in use today');
  await cast.type(['stage', ...DEV, '--name', 'web, in use'], cast.keys.inUse);
  await cast.type(['rotate', ...DEV]);

  chapter('A key that Amplitude rejects is not taken');
  await cast.type(['stage', ...DEV, '--name', 'web, revoked'], cast.keys.unknown);
}

export async function rotate(cast: Cast) {
  const { account, keys } = cast;
  chapter('Rotate: the next key becomes current, the replaced one is retained');
  await cast.type(['stage', ...DEV, '--name', 'web, next'], keys.next);
  const before = await account.labels(SECRET);
  const seen = (await account.logLines(ROTATION)).length;
  await cast.type(['rotate', ...DEV]);
  const steps = (await account.logLines(ROTATION)).slice(seen);
  showTable(['STEP', 'WHAT IT DOES', 'TOOK'], stepsIn(steps));
  const after = await account.labels(SECRET);
  showTable(['VERSION', 'LABELS BEFORE', 'LABELS AFTER'], changes(before, after));

  chapter('How it stands');
  await cast.type(['verify', ...DEV]);
  await cast.type(['which', '--env', 'dev'], keys.inUse);
  await cast.mail();
}

const DOES: Record<string, string> = {
  createSecret: 'takes the staged key, asks Amplitude, puts it as AWSPENDING',
  setSecret: 'nothing: a person generated the key at Amplitude',
  testSecret: 'asks Amplitude once more about the pending key',
  finishSecret: 'labels the current key, moves AWSCURRENT, cleans up, notifies',
};

/** From the function's own log: a line begins each step, one ends it with its duration. */
function stepsIn(lines: readonly string[]): string[][] {
  const rows: string[][] = [];
  let step = '';
  for (const { message, metadata } of lines.flatMap(parsed)) {
    if (message === 'Step begins') step = metadata.step;
    if (message === 'Done') rows.push([step, DOES[step] ?? '', `${metadata.duration_ms} ms`]);
  }
  return rows;
}

function parsed(line: string) {
  return line.startsWith('{"timestamp"') ? [JSON.parse(line)] : [];
}

function changes(before: Record<string, string[]>, after: Record<string, string[]>): string[][] {
  const versions = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const told = (labels?: string[]) => labels?.toSorted().join(' ') ?? '–';
  return versions.map((id) => [id.slice(0, 8), told(before[id]), told(after[id])]);
}
