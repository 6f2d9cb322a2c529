import type { VerifyReport } from '../../lambda/payloads.ts';

type State = VerifyReport['checks'][number]['state'] | 'held before';

const ORDER: readonly State[] = [
  'current',
  'pending',
  'staged',
  'retained',
  'previous',
  'awaiting-revocation',
  'compromised',
  'foreign',
  'held before',
];

/** What consumers read first, then what is next, then what was. */
export const inOrder = <Thing extends { readonly state: State }>(things: readonly Thing[]) =>
  [...things].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
