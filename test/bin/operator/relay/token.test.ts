import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { relayDigestKeyName, relayTokenName } from '../../../../lambda/contract.ts';
import { RELAY_TOKEN } from '../../../lambda/relay.ts';
import type { Person } from '../../desk/fake-terminal.ts';
import { openRelayed, type Relayed } from '../../desk/relayed.ts';

const SECRET = relayTokenName('prod');
const DIGEST_KEY = relayDigestKeyName('prod');
const TOKEN = ['relay', 'token', '--env', 'prod'];

let relayed: Relayed;
beforeEach(async () => {
  relayed = await openRelayed();
});
afterEach(() => relayed.desk.close());

const secrets = () => relayed.desk.prod.aws.secretsManager;
const tokenAt = (label: string) => {
  const text = secrets().valueOf(SECRET, label);
  return text === undefined ? undefined : JSON.parse(text).token;
};

/** Runs it; no token is ever printed. */
async function token(person: Person = {}, ...more: string[]) {
  const answer = await relayed.desk.keyctl([...TOKEN, ...more], { columns: 200, ...person });
  for (const label of ['AWSCURRENT', 'AWSPREVIOUS']) {
    const value = tokenAt(label);
    if (value) expect(answer.stdout + answer.stderr + answer.questions).not.toContain(value);
  }
  return answer;
}

describe('relay token', () => {
  it('makes one of 32 random bytes, beside which the one before is taken', async () => {
    const digestKey = secrets().valueOf(DIGEST_KEY, 'AWSCURRENT');
    const { code, said } = await token();
    expect(code).toBe(0);
    expect(said).toContain('Made: the next token of the relay of prod. The token before it is');
    expect(tokenAt('AWSPREVIOUS')).toBe(RELAY_TOKEN);
    expect(tokenAt('AWSCURRENT')).toMatch(/^[\w-]{43}$/);
    expect(secrets().valueOf(DIGEST_KEY, 'AWSCURRENT')).toBe(digestKey);
    await token();
    expect(tokenAt('AWSCURRENT')).not.toBe(tokenAt('AWSPREVIOUS'));
  });

  it('says how to read it, in one line', async () => {
    const { stdout } = await token({ columns: 60 });
    expect(stdout.split('\n')).toContain(
      `aws secretsmanager get-secret-value --secret-id ${SECRET} --region eu-west-1 --query SecretString --output text | jq -r .token`,
    );
    const long = stdout.split('\n').filter((line) => line.length > 60);
    expect(long).toHaveLength(1);
  });

  it('tells programs which version it is', async () => {
    const { code, ...report } = await relayed.desk.json(TOKEN);
    expect(code).toBe(0);
    expect(report).toEqual({
      environment: 'prod',
      region: 'eu-west-1',
      secret: SECRET,
      versionId: secrets().holderOf(SECRET, 'AWSCURRENT'),
      endedAnother: false,
      read: expect.stringContaining('get-secret-value'),
    });
    expect((await relayed.desk.json(TOKEN)).endedAnother).toBe(true);
  });

  it('asks before, and says which one ends', async () => {
    const person = { interactive: true, confirms: true };
    const where = '(account 111122223333, Region eu-west-1)';
    const first = await token(person);
    expect(first.questions).toEqual([
      `Make the next token of the relay of prod? It last changed just now. ${where}`,
    ]);
    relayed.desk.dev.aws.clock.advance(3_600_000);
    const second = await token(person);
    expect(second.questions).toEqual([
      `Make the next token of the relay of prod? It last changed 1 hour ago. The one before the current one ends. ${where}`,
    ]);
    expect(second.said).toContain('the one before that ends within minutes');
  });

  it('changes nothing after a no', async () => {
    const { code, said } = await token({ interactive: true, confirms: false });
    expect(code).toBe(1);
    expect(said).toContain('Cancelled; nothing was changed. [CANCELLED]');
    expect(tokenAt('AWSCURRENT')).toBe(RELAY_TOKEN);
  });

  it('asks nothing with --yes', async () => {
    const { code, questions } = await token({ interactive: true, confirms: false }, '--yes');
    expect({ code, questions }).toEqual({ code: 0, questions: [] });
  });
});

describe('a call that fails', () => {
  const faults = () => relayed.desk.prod.aws.faults;

  it.each(['DescribeSecret', 'PutSecretValue'])('%s: there is no other token', async (call) => {
    faults().fail(call, { error: 'access-denied' });
    const { code, error } = await relayed.desk.json(TOKEN);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'ACCESS_DENIED' });
    expect(error.message).toContain(`${call} of secret ${SECRET} is denied`);
    expect(tokenAt('AWSCURRENT')).toBe(RELAY_TOKEN);
  });

  it('after it took effect is as good as one that was answered', async () => {
    faults().fail('PutSecretValue', { error: 'timeout', when: 'after' });
    const { code, said } = await token();
    expect(code).toBe(0);
    expect(said).toContain('Made:');
    expect(tokenAt('AWSPREVIOUS')).toBe(RELAY_TOKEN);
    expect(relayed.desk.calls.filter((call) => call === 'PutSecretValue')).toHaveLength(1);
  });

  it.each(['before', 'after'] as const)(
    '%s it took effect, without a way to tell, says where to look first',
    async (when) => {
      faults().fail('PutSecretValue', { error: 'timeout', when });
      faults().fail('DescribeSecret', { error: 'throttled', nth: 2 });
      const { code, error } = await relayed.desk.json(TOKEN);
      expect({ code, error: error.code }).toEqual({ code: 1, error: 'RELAY_TOKEN_UNCERTAIN' });
      expect(error.message).toContain(
        `aws secretsmanager describe-secret --secret-id ${SECRET} --region eu-west-1`,
      );
      const current = secrets().holderOf(SECRET, 'AWSCURRENT');
      expect(error.versionId === current).toBe(when === 'after');
    },
  );
});
