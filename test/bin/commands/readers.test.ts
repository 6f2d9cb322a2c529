import { TagResourceCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretName, tag } from '../../../lambda/contract.ts';
import type { ReadersReport } from '../../../lambda/payloads.ts';
import { Desk, KEYS, keyValues, NOW } from '../desk/desk.ts';
import { readersAnswer } from '../desk/emergency-functions.ts';

const DAY = 86_400_000;
const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const web = roleArn('web');
const batch = roleArn('batch');
const by = (arn: string) => ({ roleArn: arn, session: 's' });
const OWN = roleArn('AmplitudeKeys-prod-lifecycle');
const READERS = ['readers', '--env', 'prod', '--key', 'server'];

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

const read = (arn: string, daysAgo: number, more: object = {}) =>
  desk.prod.aws.cloudTrail.seedRead({
    secretId: secretName('prod', 'server'),
    by: by(arn),
    at: new Date(NOW.getTime() - daysAgo * DAY),
    ...more,
  });

/** As it was deployed. */
async function grant(...principals: string[]) {
  const Tags = principals.map((Value, at) => ({ Key: tag.consumer(at + 1), Value }));
  const SecretId = secretName('prod', 'server');
  await desk.prod.aws.clients.secretsManager.send(new TagResourceCommand({ SecretId, Tags }));
}

/** As lib/environments.ts has it. */
function configure(consumers: readonly object[], more: object = {}) {
  desk.environments.prod = {
    ...desk.environments.prod,
    keys: { server: keyValues({ consumers }), export: keyValues() },
    ...more,
  };
}

describe('readers', () => {
  it('shows each grant with its purpose and reads, strangers, and what to take back', async () => {
    configure([
      { role: web, purpose: 'Events of the shop' },
      { role: batch, purpose: "The night's import" },
    ]);
    await grant(web, batch);
    read(OWN, 89.9);
    read(web, 1);
    read(web, 20);
    read(roleArn('eve'), 2, { errorCode: 'AccessDenied' });
    const { code, stdout, said } = await desk.keyctl(READERS, { columns: 160 });
    expect(code).toBe(0);
    expect(stdout).toContain(
      'Readers of prod, account 111122223333, Region eu-west-1, the 90 days',
    );
    expect(stdout).toMatch(/role\/web +Events of the shop +no end +2026-11-23 02:00 +1 +2 +used/);
    expect(stdout).toMatch(/role\/batch +The night's import +no end +never seen +0 +0 +unused/);
    expect(stdout).toMatch(/role\/eve +never seen +0 +0 +1 +2026-11-22 02:00 +NO GRANT/);
    expect(said).toContain(
      `Reclaim the grant of server to ${batch}: not read for 30 days, or granted since.`,
    );
    expect(said).toContain('in prod.keys.server.consumers:');
    expect(stdout).toContain(`\n-          { role: '${batch}', purpose: "The night's import" },\n`);
    expect(stdout).toContain('Then deploy: npx cdk deploy AmplitudeKeys-prod');
    expect(stdout).toContain('Source: CloudTrail LookupEvents, 1 call.');
  });

  it('shows the hours of each reader, and tells them to programs', async () => {
    configure([{ role: web, purpose: 'Events' }]);
    await grant(web);
    read(OWN, 89.9);
    read(web, 1);
    read(roleArn('eve'), 2);
    const { stdout } = await desk.keyctl(READERS, { columns: 100 });
    expect(stdout).toContain('Reads by hour, 2026-11-21 02:00 UTC to now, a bar is 1 hour');
    expect(stdout).toContain(`\n  role/web  ${'·'.repeat(48)}█${'·'.repeat(24)}\n`);
    expect(stdout).toContain(`\n  role/eve  ${'·'.repeat(24)}█${'·'.repeat(48)}\n`);
    const { keys } = await desk.json(READERS);
    expect(keys[0]).toMatchObject({
      hoursSince: '2026-11-21T02:00:00.000Z',
      grants: [{ reads: { hours: [{ hour: '2026-11-23T02:00:00.000Z', reads: 1 }] } }],
      ungranted: [{ hours: [{ hour: '2026-11-22T02:00:00.000Z', reads: 1 }] }],
    });
  });

  it('proposes nothing where all is used', async () => {
    configure([{ role: web, purpose: 'Events' }]);
    await grant(web);
    read(OWN, 89.9);
    read(web, 1);
    const { stdout } = await desk.keyctl(READERS);
    expect(stdout).not.toContain('To take back');
  });

  it.each([
    [[], 'unused'],
    [['--unused-days', '60'], 'used'],
  ] as const)('takes reclaimAfterDays unless told otherwise: %j', async (more, state) => {
    configure([{ role: web, purpose: 'Events' }], { reclaimAfterDays: 45 });
    await grant(web);
    read(OWN, 89.9);
    read(web, 50);
    const { keys, unusedDays } = await desk.json([...READERS, ...more]);
    expect(keys[0].grants).toMatchObject([{ state, purpose: 'Events' }]);
    expect(unusedDays).toBe(state === 'used' ? 60 : 45);
  });

  it('calls nothing unused that it does not know to be', async () => {
    configure([{ role: web, purpose: 'Events' }]);
    await grant(web);
    read(OWN, 5);
    const { code, stdout, said } = await desk.keyctl(READERS);
    expect(code).toBe(0);
    expect(said).toContain('reads are known since 2026-11-19 only');
    expect(stdout).toContain('0+');
    expect(stdout).not.toContain('To take back');
  });

  it('prints the whole key where nobody read it for 90 days, and what its removal means', async () => {
    read(OWN, 89.9);
    const { said, stdout } = await desk.keyctl(READERS);
    expect(said).toContain('Nobody but this worker read server for 90 days.');
    expect(said).toContain('its secret with every version stays');
    expect(said).toContain('export is paired with it.');
    expect(stdout).toContain(
      [
        '-      server: {',
        "-        kind: 'ingestion',",
        "-        audience: 'server',",
        "-        owner: 'growth',",
        "-        purpose: 'Events',",
        '-      },',
      ].join('\n'),
    );
  });

  it('says where a grant comes from the defaults, or is gone from the file', async () => {
    const defaults = { keyDefaults: { consumers: [{ role: web, purpose: 'Events' }] } };
    desk.environments.prod = { ...desk.environments.prod, ...defaults };
    await grant(web, batch);
    read(OWN, 89.9);
    read(roleArn('x'), 1);
    const { keys } = await desk.json(READERS);
    expect(keys[0].proposals).toMatchObject([
      {
        text: expect.stringContaining('It is among the defaults'),
        change: { at: 'prod.keyDefaults.consumers', remove: [expect.stringMatching(/^ {8}\{/)] },
      },
      { text: expect.stringContaining("doesn't have it any more: a deployment takes it back") },
    ]);
  });

  it('knows a grant by account and name, and one by a tag', async () => {
    const tagged = 'PrincipalTag/team=web';
    configure([
      { account: '111122223333', roleName: 'web', purpose: 'By name' },
      { principalTag: { key: 'team', value: 'web' }, purpose: 'By tag' },
    ]);
    await grant(web, tagged);
    read(OWN, 89.9);
    read(web, 1);
    read(roleArn('eve'), 1);
    const { keys } = await desk.json(READERS);
    expect(keys[0].grants).toMatchObject([
      { state: 'used', purpose: 'By name' },
      { state: 'unknown', purpose: 'By tag' },
    ]);
    expect(keys[0].ungranted).toMatchObject([{ maybeBy: [tagged] }]);
    const { stdout } = await desk.keyctl(READERS, { columns: 200 });
    expect(stdout).toContain(`maybe by ${tagged}`);
  });

  it('tells apart grants to one tag in several accounts, by their ends and their order', async () => {
    const tagged = 'PrincipalTag/team=web';
    const principalTag = { key: 'team', value: 'web' };
    const [ended, later] = ['2026-01-01', '2027-01-01'];
    configure([
      { principalTag, purpose: 'Here' },
      { account: '444455556666', principalTag, purpose: 'There', expires: ended },
      { account: '777788889999', principalTag, purpose: 'Elsewhere' },
    ]);
    await grant(tagged, tagged, tagged);
    const ends = (expires: string) =>
      desk.prod.aws.clients.secretsManager.send(
        new TagResourceCommand({
          SecretId: secretName('prod', 'server'),
          Tags: [{ Key: tag.consumerExpires(2), Value: `${expires}T00:00:00.000Z` }],
        }),
      );
    await ends(ended);
    const { keys } = await desk.json(READERS);
    const purposes = (one: { grants: { purpose: string }[] }) =>
      one.grants.map(({ purpose }) => purpose);
    expect(purposes(keys[0])).toEqual(['Here', 'There', 'Elsewhere']);
    expect(keys[0].proposals).toMatchObject([
      { change: { remove: expect.arrayContaining(["            purpose: 'There',"]) } },
    ]);
    await ends(later);
    const { keys: others } = await desk.json(READERS);
    expect(purposes(others[0])).toEqual(['Here', 'Here', 'Elsewhere']);
  });

  it.each([50, 80])('stays within %i columns, but for what is to be copied', async (columns) => {
    configure([{ role: web, purpose: 'Events of the shop' }]);
    await grant(web, 'PrincipalTag/team=web');
    read(OWN, 89.9);
    read(roleArn('eve'), 1);
    const { stdout } = await desk.keyctl(READERS, { columns });
    const tooLong = stdout.split('\n').filter((line) => line.length > columns);
    expect(tooLong.filter((line) => line.trim().includes(' ') && !line.startsWith('-'))).toEqual(
      [],
    );
  });

  describe('with an access guard', () => {
    const reads = { in72Hours: 3, in30Days: 9, refusedIn30Days: 0, last: NOW.toISOString() };
    const shows = (more: Partial<ReadersReport>) =>
      readersAnswer(desk.prod, {
        environment: 'prod',
        at: NOW.toISOString(),
        source: { kind: 'usage-record', covers: 'All.', complete: true, calls: 5 },
        keys: [
          {
            key: 'server',
            since: NOW.toISOString(),
            consumers: [{ principal: web }, { principal: batch }],
            readers: [
              { principal: web, ...reads, risk: 12 },
              { principal: roleArn('eve'), ...reads, risk: 97 },
            ],
          },
        ],
        unreadable: [],
        ...more,
      });
    const until = '2026-11-25T01:10:00.000Z';
    const quarantined = [
      { id: '0123abcd', principal: roleArn('eve'), until },
      { id: '4567cdef', principal: batch, until },
    ];

    it('shows how risky each one was at most, and who is quarantined', async () => {
      shows({ quarantined });
      const { code, stdout } = await desk.keyctl(READERS, { columns: 200 });
      expect(code).toBe(0);
      expect(stdout).toContain('\nrisk: the highest of its uses, from 0 to 100\n');
      expect(stdout).toMatch(/role\/web .* used, risk 12\n/);
      expect(stdout).toMatch(/role\/batch .* unknown, QUARANTINED\n/);
      expect(stdout).toMatch(/role\/eve .* NO GRANT, risk 97, QUARANTINED\n/);
      expect(stdout).toContain(
        'Quarantined: role/eve until 2026-11-25 01:10 UTC (0123abcd); role/batch until 2026-11-25 01:10 UTC (4567cdef). Why: npx keyctl quarantine list --env prod\n',
      );
    });

    it('shows the same where columns do not fit', async () => {
      shows({ quarantined });
      const { stdout } = await desk.keyctl(READERS, { columns: 60 });
      expect(stdout).toContain('  role/eve, NO GRANT, risk 97, QUARANTINED\n');
      const long = stdout.split('\n').filter((line) => line.length > 60);
      expect(long.filter((line) => !/^\s*(?:npx \S.*|\S+)$/.test(line))).toEqual([]);
    });

    it('tells programs both', async () => {
      shows({ quarantined });
      const told = await desk.json(READERS);
      expect(told.quarantined).toEqual(quarantined);
      expect(told.keys[0].grants).toMatchObject([{ reads: { risk: 12 } }, {}]);
      expect(told.keys[0].ungranted).toMatchObject([{ risk: 97 }]);
    });

    it('says nothing of it while nobody is quarantined and no risk is known', async () => {
      const known = { key: 'server', consumers: [], readers: [{ principal: web, ...reads }] };
      shows({ quarantined: [], keys: [known] });
      const { stdout } = await desk.keyctl(READERS, { columns: 200 });
      expect(stdout).not.toMatch(/risk|quarantined/i);
    });

    it('says when it could not be found out who is quarantined', async () => {
      shows({ quarantinesUnreadable: 'GetItem of table t failed: AWS throttles it.' });
      const { code, said } = await desk.keyctl(READERS);
      expect(code).toBe(0);
      expect(said).toContain('Not known who is quarantined. GetItem of table t failed');
    });
  });

  it('shows all keys, and those that have no secret yet', async () => {
    configure([], { keys: { server: keyValues(), next: keyValues() } });
    const { code, keys, notDeployed } = await desk.json(['readers', '--env', 'prod']);
    expect(code).toBe(0);
    expect(keys.map(({ key }: { key: string }) => key)).toEqual(['export', 'server']);
    expect(notDeployed).toEqual(['next']);
  });

  it('ends with 1 when CloudTrail does not answer', async () => {
    desk.prod.aws.faults.fail('LookupEvents', { error: 'access-denied' });
    const { code, said } = await desk.keyctl(READERS);
    expect(code).toBe(1);
    expect(said).toContain('no reads known');
    expect(said).toContain('LookupEvents of event name GetSecretValue failed');
  });

  it('ends with 1 when a key can not be read', async () => {
    desk.prod.aws.faults.fail('DescribeSecret', { error: 'access-denied' });
    const { code, said } = await desk.keyctl(READERS);
    expect(code).toBe(1);
    expect(said).toContain('Unreadable: server.');
  });

  it('shows nothing of the shape of a key', async () => {
    read(roleArn(KEYS.first), 1);
    const { said } = await desk.keyctl(READERS, { columns: 160 });
    expect(said).toContain('role/[redacted]');
  });

  it.each(['0', '91', 'x', '1.5', ''])('refuses --unused-days %s', async (days) => {
    const { code, said } = await desk.keyctl([...READERS, '--unused-days', days]);
    expect(code).toBe(2);
    expect(said).toContain('--unused-days takes a whole number from 1 to 90');
    expect(desk.calls).toEqual([]);
  });
});
