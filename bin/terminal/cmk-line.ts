import type { InventoryReport } from '../../lambda/payloads.ts';
import { wrap } from './layout.ts';
import type { View } from './terminal.ts';
import { utcAndRelative } from './times.ts';

type Report = Pick<InventoryReport, 'cmk' | 'cmkUnreadable'>;

/** How the CMK of the environment stands: without it no key can be read. */
export function cmkLine(report: Report, view: View): string[] {
  const told = toldOf(report, view);
  return told === undefined ? [] : wrap(`CMK: ${told}`, view.columns, '', '  ');
}

function toldOf({ cmk, cmkUnreadable }: Report, { paint, now }: View) {
  if (!cmk) {
    return cmkUnreadable && `${paint.yellow('could not be asked.')} ${cmkUnreadable}`;
  }
  const { state, rotationEnabled, nextRotationAt } = cmk;
  if (state !== 'Enabled') return `${paint.red(state)}, ${remedy(state, cmk.arn)}`;
  if (!rotationEnabled) {
    return `${state}, ${paint.yellow('rotation off')}: aws kms enable-key-rotation --key-id ${cmk.arn}`;
  }
  const next = nextRotationAt ? `, next ${utcAndRelative(nextRotationAt, now)}` : '';
  return `${state}, rotation on${next}`;
}

/** An emergency disables it on purpose, so enabling it is no advice to follow blindly. */
function remedy(state: string, arn: string): string {
  if (state === 'Disabled') {
    return `so no key can be read. If this is no lockdown: aws kms enable-key --key-id ${arn}`;
  }
  if (state === 'PendingDeletion') {
    return `and every key is lost with it. If that isn't meant: aws kms cancel-key-deletion --key-id ${arn}`;
  }
  return `so no key can be read. Look at it: aws kms describe-key --key-id ${arn}`;
}
