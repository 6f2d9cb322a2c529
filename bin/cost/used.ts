import { type Line, line } from './line.ts';
import { PRICE } from './prices.ts';
import type { Resource } from './template.ts';
import { ASSUMED, ROTATION, SWEEP, SWEPT_KEY, type Usage } from './usage.ts';

/** What the work of a month adds up to, by one of its counts. */
function work(usage: Usage, count: 'secretsManagerCalls' | 'kmsRequests' | 'snsRequests') {
  const { keys, sweeps, rotations } = usage;
  return {
    base: sweeps * SWEEP[count],
    keys: keys * sweeps * SWEPT_KEY[count] + rotations * ROTATION[count],
  };
}

export function secretsManagerCalls(usage: Usage): Line[] {
  const { base, keys } = work(usage, 'secretsManagerCalls');
  const reads = usage.keys * usage.reads;
  return [
    line('base', 'Secrets Manager calls', base, PRICE.secretsManagerCall),
    line('keys', 'Secrets Manager calls', keys, PRICE.secretsManagerCall),
    line('keys', "consumers' reads", reads, PRICE.secretsManagerCall),
  ];
}

/** A read of a secret is a decrypt, and so is a notice on an encrypted topic. */
export function kmsRequests(usage: Usage): Line[] {
  const { base, keys } = work(usage, 'kmsRequests');
  const reads = usage.keys * usage.reads;
  return [
    line('base', 'KMS requests', base + ASSUMED.alarmNotices, PRICE.kmsRequest),
    line('keys', 'KMS requests', keys + reads, PRICE.kmsRequest),
  ];
}

export const events = ({ rotations }: Usage): Line[] => [
  line('keys', 'events of rotations', rotations * ROTATION.events, PRICE.customEvent),
];

export const scheduled = (usage: Usage): Line[] => [
  line('base', 'sweeps started by Scheduler', usage.sweeps, PRICE.scheduledInvocation),
];

export function snsRequests(usage: Usage): Line[] {
  const { base, keys } = work(usage, 'snsRequests');
  return [
    line('base', 'SNS requests', base + ASSUMED.alarmNotices, PRICE.snsRequest),
    line('keys', 'SNS requests', keys, PRICE.snsRequest),
  ];
}

export function emails(found: readonly Resource[], usage: Usage): Line[] {
  const addresses = found.filter(({ properties }) => properties.Protocol === 'email').length;
  const { keys } = work(usage, 'snsRequests');
  return [
    line('base', 'e-mails', addresses * ASSUMED.alarmNotices, PRICE.email),
    line('keys', 'e-mails', addresses * keys, PRICE.email),
  ];
}
