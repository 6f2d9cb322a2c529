import { describe, expect, it } from 'vitest';
import type { Deployed } from '../../aws/policy/deployed.ts';
import { read } from '../../aws/policy/reading.ts';
import { accountOf, exampleKey, synthesize } from '../synthesized.ts';
import { principals, STATES, table, whoReads } from './who-reads.ts';

const consumers = [{ role: 'arn:aws:iam::111122223333:role/consumer', purpose: 'events' }];
const server = { ...exampleKey, consumers };
const world = accountOf(synthesize({ keys: { server, web: exampleKey } }));

/** DENIED: a policy forbids it. `-`: no policy allows it. The rows are written from the design. */
const EXPECTED: Record<keyof typeof STATES, string> = {
  normal: `
                        no version  AWSCURRENT  AWSPREVIOUS  RETAINED  AWAITING  COMPROMISED  AWSPENDING  version id  id, current  staged
consumer                reads       reads       reads        reads     DENIED    DENIED       DENIED      DENIED      DENIED       -
administrator           DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       DENIED
secretsmanager:*        DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
rotation                reads       reads       reads        reads     reads     reads        reads       reads       reads        reads
inspect                 reads       reads       reads        reads     reads     reads        reads       reads       reads        reads
emergency               reads       reads       reads        reads     reads     reads        reads       reads       reads        reads
probe                   reads       reads       reads        reads     DENIED    DENIED       DENIED      DENIED      DENIED       -
lifecycle               reads       reads       reads        reads     reads     reads        reads       reads       reads        reads
LifecycleSchedulerRole  DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
break-glass             reads       reads       reads        reads     reads     reads        reads       reads       reads        reads
responder               DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
operator                DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
cfn-exec                reads       reads       reads        reads     reads     reads        reads       reads       reads        reads
root user               DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       DENIED
another account         DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -`,

  'key locked down': `
                        no version  AWSCURRENT  AWSPREVIOUS  RETAINED  AWAITING  COMPROMISED  AWSPENDING  version id  id, current  staged
consumer                DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
administrator           DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       DENIED
secretsmanager:*        DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
rotation                reads       reads       reads        reads     reads     reads        reads       reads       reads        reads
inspect                 reads       reads       reads        reads     reads     reads        reads       reads       reads        reads
emergency               reads       reads       reads        reads     reads     reads        reads       reads       reads        reads
probe                   DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
lifecycle               reads       reads       reads        reads     reads     reads        reads       reads       reads        reads
LifecycleSchedulerRole  DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
break-glass             reads       reads       reads        reads     reads     reads        reads       reads       reads        reads
responder               DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
operator                DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
cfn-exec                reads       reads       reads        reads     reads     reads        reads       reads       reads        reads
root user               DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       DENIED
another account         DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -`,

  'environment locked down': `
                        no version  AWSCURRENT  AWSPREVIOUS  RETAINED  AWAITING  COMPROMISED  AWSPENDING  version id  id, current  staged
consumer                no CMK      no CMK      no CMK       no CMK    DENIED    DENIED       DENIED      DENIED      DENIED       -
administrator           DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       DENIED
secretsmanager:*        DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
rotation                no CMK      no CMK      no CMK       no CMK    no CMK    no CMK       no CMK      no CMK      no CMK       no CMK
inspect                 no CMK      no CMK      no CMK       no CMK    no CMK    no CMK       no CMK      no CMK      no CMK       no CMK
emergency               no CMK      no CMK      no CMK       no CMK    no CMK    no CMK       no CMK      no CMK      no CMK       no CMK
probe                   no CMK      no CMK      no CMK       no CMK    DENIED    DENIED       DENIED      DENIED      DENIED       -
lifecycle               no CMK      no CMK      no CMK       no CMK    no CMK    no CMK       no CMK      no CMK      no CMK       no CMK
LifecycleSchedulerRole  DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
break-glass             no CMK      no CMK      no CMK       no CMK    no CMK    no CMK       no CMK      no CMK      no CMK       no CMK
responder               DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
operator                DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -
cfn-exec                no CMK      no CMK      no CMK       no CMK    no CMK    no CMK       no CMK      no CMK      no CMK       no CMK
root user               DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       DENIED
another account         DENIED      DENIED      DENIED       DENIED    DENIED    DENIED       DENIED      DENIED      DENIED       -`,
};

const states = Object.keys(STATES) as (keyof typeof STATES)[];

describe('who reads the key, and who can not', () => {
  it.each(states)('while the state is: %s', (state) => {
    expect(`\n${table(whoReads(world, STATES[state]))}`).toBe(EXPECTED[state]);
  });

  it('a consumer reads by its grant the key that it is granted, and no other', () => {
    const consumer = principals(world).get('consumer');
    if (!consumer) throw new Error('no consumer');
    const other = read(world, consumer, 'amplitude/dev/web', {}, STATES.normal);
    expect(other).toBe('explicit deny');
  });
});

describe('the table is no dead letter: it shows', () => {
  const change = (over: Partial<Deployed>, state: keyof typeof STATES, who: string) =>
    whoReads({ ...world, ...over }, STATES[state]).find((row) => row.who === who)?.answers ?? {};
  const withPolicy = (edit: (statements: Statement[]) => object[]) => ({
    secrets: world.secrets.map((secret) => ({ ...secret, policy: edited(secret.policy, edit) })),
  });

  it('that consumers read a key whose policy lost the deny of a lockdown', () => {
    const over = withPolicy((all) => all.filter(({ Sid }) => Sid !== 'LockedDown'));
    expect(change(over, 'key locked down', 'consumer')).toMatchObject({ AWSCURRENT: 'reads' });
  });

  it('that a function reads nothing once a deny exempts it no more', () => {
    const over = withPolicy((all) =>
      all.map((one) =>
        JSON.parse(JSON.stringify(one).replaceAll('AmplitudeKeys-dev-rotation', 'x')),
      ),
    );
    expect(change(over, 'normal', 'rotation')).toMatchObject({ AWSPENDING: 'explicit deny' });
  });

  it('that administrators read a key once neither its policy nor the CMK holds strangers back', () => {
    const secret = withPolicy((all) => all.filter(({ Sid }) => Sid !== 'OnlyGrantedReaders'));
    expect(change(secret, 'normal', 'administrator')).toMatchObject({
      AWSCURRENT: 'explicit deny',
    });
    const { keysCmk } = world;
    const policy = edited(keysCmk.policy, (all) => all.filter(({ Effect }) => Effect === 'Allow'));
    const over = { ...secret, keysCmk: { ...keysCmk, policy } };
    expect(change(over, 'normal', 'administrator')).toMatchObject({ AWSCURRENT: 'reads' });
  });

  it('that administrators read staged keys once the CMK has no deny', () => {
    const { keysCmk } = world;
    const policy = edited(keysCmk.policy, (all) => all.filter(({ Effect }) => Effect === 'Allow'));
    const over = { keysCmk: { ...keysCmk, policy } };
    expect(change(over, 'normal', 'administrator')).toMatchObject({ staged: 'reads' });
  });

  it('that another account reads what its policies let it', () => {
    const open = { Effect: 'Allow', Principal: '*', Resource: '*' } as const;
    const { keysCmk } = world;
    const opened = (all: readonly Statement[], Action: string) => [
      ...all.filter(({ Sid }) => !/ReadersOnly|OnlyGranted/.test(Sid ?? '')),
      { ...open, Action },
    ];
    const over = {
      ...withPolicy((all) => opened(all, 'secretsmanager:GetSecretValue')),
      keysCmk: {
        ...keysCmk,
        policy: edited(keysCmk.policy, (all) => opened(all, 'kms:Decrypt')),
      },
    };
    expect(change(over, 'normal', 'another account')).toMatchObject({ AWSCURRENT: 'reads' });
  });
});

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
}

const edited = (policy: unknown, edit: (statements: Statement[]) => object[]) => ({
  Statement: edit((policy as { Statement: Statement[] }).Statement),
});
