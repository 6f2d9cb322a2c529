export type Failure = 'throttled' | 'access-denied' | 'timeout';
export type NewKey = 'good' | 'unknown' | 'malformed' | 'current' | 'held' | 'leaked' | 'elsewhere';

/** One thing that happens in ten years. Plain data: it is printed, shrunk and played again. */
export type Step =
  | { readonly do: 'wait'; readonly hours: number; readonly sweeps: 'hourly' | 'daily' | 'none' }
  | { readonly do: 'sweep again' }
  | { readonly do: 'attend' }
  | { readonly do: 'stage'; readonly key: NewKey }
  | { readonly do: 'unstage'; readonly pick: number }
  | { readonly do: 'rotate' }
  | { readonly do: 'deliver again' }
  | {
      readonly do: 'press revoke';
      readonly on: 'awaiting' | 'retained' | 'current' | 'staged';
      readonly pick: number;
      /** Hours until Amplitude rejects it, of the six that it may take. */
      readonly lag: number;
      /** Accepted and rejected by turns meanwhile. */
      readonly flaps: boolean;
    }
  | {
      readonly do: 'revoke';
      readonly version: 'current' | 'previous' | 'staged' | 'by id';
      readonly pick: number;
    }
  | { readonly do: 'roll back'; readonly version: 'previous' | 'by id'; readonly pick: number }
  | { readonly do: 'lock' | 'unlock'; readonly scope: 'key' | 'environment' }
  | { readonly do: 'outage'; readonly hours: number }
  | {
      readonly do: 'fault';
      readonly nth: number;
      readonly error: Failure;
      readonly when: 'before' | 'after';
    }
  | { readonly do: 'clock'; readonly minutes: number }
  | { readonly do: 'deploy'; readonly retain: number; readonly rotate: number }
  | { readonly do: 'put by hand'; readonly key: 'good' | 'unknown' | 'held' }
  | { readonly do: 'move current'; readonly pick: number }
  | {
      readonly do: 'take off';
      readonly label: 'retained' | 'awaiting' | 'compromised' | 'pending' | 'previous';
      readonly pick: number;
    }
  | { readonly do: 'put on'; readonly label: 'foreign' | 'pending'; readonly pick: number }
  | { readonly do: 'untag'; readonly tag: 'lockdown' | 'setting' | 'note'; readonly pick: number }
  | { readonly do: 'cmk'; readonly to: 'on' | 'off' }
  | { readonly do: 'cancel rotation' };

const STAGED: Record<NewKey, string> = {
  good: 'a good key',
  unknown: 'a key that Amplitude does not know',
  malformed: 'a key of the wrong format',
  current: 'the current key again',
  held: 'a key that was held before',
  leaked: 'a key that leaked',
  elsewhere: "another region's key",
};

const SWEEPS = {
  hourly: 'with hourly sweeps',
  daily: 'with a sweep a day, after three days every four days',
  none: 'without any sweep',
};
const LABELS = {
  retained: 'a RETAINED-UNTIL',
  awaiting: 'an AWAITING-REVOCATION',
  compromised: 'a COMPROMISED',
  pending: 'the AWSPENDING',
  previous: 'the AWSPREVIOUS',
};

const duration = (hours: number) =>
  hours % 24 === 0 ? `${hours / 24} day${hours === 24 ? '' : 's'}` : `${hours} h`;

/** In plain words. */
export function told(step: Step): string {
  switch (step.do) {
    case 'wait':
      return `${duration(step.hours)} pass ${SWEEPS[step.sweeps]}`;
    case 'sweep again':
      return 'the sweep runs, and runs again at once';
    case 'attend':
      return 'an operator does what the notices ask for';
    case 'stage':
      return `stage ${STAGED[step.key]}`;
    case 'unstage':
      return `take staged key ${step.pick} back`;
    case 'rotate':
      return 'rotate by hand';
    case 'deliver again':
      return 'Secrets Manager runs the last rotation again';
    case 'press revoke':
      return `press Revoke at Amplitude on ${step.on} key ${step.pick}, rejected ${step.lag === 0 ? 'at once' : `after ${step.lag} h${step.flaps ? ', by turns until then' : ''}`}`;
    case 'revoke':
      return `keyctl revoke --version ${step.version === 'by id' ? `<version ${step.pick}>` : step.version}`;
    case 'roll back':
      return `keyctl rollback --version ${step.version === 'by id' ? `<version ${step.pick}>` : step.version}`;
    case 'lock':
      return `keyctl lockdown --scope ${step.scope}`;
    case 'unlock':
      return `keyctl unlock --scope ${step.scope}`;
    case 'outage':
      return `Amplitude answers 503 for ${duration(step.hours)}`;
    case 'fault':
      return `AWS call ${step.nth} of what comes next fails: ${step.error}, ${step.when} its effect`;
    case 'clock':
      return `the clock jumps ${Math.abs(step.minutes)} min ${step.minutes < 0 ? 'back' : 'ahead'}`;
    case 'deploy':
      return `deploy: retention ${step.retain} days, rotation every ${step.rotate} days`;
    case 'put by hand':
      return `PutSecretValue by hand of ${STAGED[step.key]}`;
    case 'move current':
      return `AWSCURRENT moved by hand to version ${step.pick}`;
    case 'take off':
      return `${LABELS[step.label]} label taken off by hand (${step.pick})`;
    case 'put on':
      return `${step.label === 'foreign' ? 'a foreign label' : 'AWSPENDING'} put by hand on version ${step.pick}`;
    case 'untag':
      return `UntagResource by hand: a ${step.tag} tag (${step.pick})`;
    case 'cmk':
      return `the CMK is switched ${step.to} by hand`;
    case 'cancel rotation':
      return 'CancelRotateSecret by hand';
  }
}
