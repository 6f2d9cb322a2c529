import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLACEHOLDER } from '../../../lambda/contract.ts';
import { Desk, documentOf, FP, KEYS, keyValues } from '../desk/desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  desk.amplitude.generate(KEYS.second);
});
afterEach(() => desk.close());

const STAGE = ['stage', '--env', 'dev', '--name', 'Web 2026-11'];
const nothingStored = () => expect(desk.calls).not.toContain('PutParameter');

describe('stage', () => {
  it('stores a key from stdin that Amplitude accepts, and says what is next', async () => {
    const { code, said } = await desk.keyctl(STAGE, { key: `${KEYS.second}\n` });
    expect(code).toBe(0);
    expect(desk.dev.staged('web', KEYS.second)).toEqual({ key: KEYS.second, name: 'Web 2026-11' });
    expect(said).toContain(`Key ${FP.second} ("Web 2026-11") is staged for dev/web.`);
    expect(said).toContain('on schedule promotes it, 2027-02-22 at the latest');
    expect(said).toContain('to promote it now: npx keyctl rotate --env dev --key web');
  });

  it('of the first key names no schedule: nothing else promotes it', async () => {
    desk.environments.dev = { region: 'us-east-1', keys: { fresh: keyValues() } };
    desk.dev.seed({ name: 'fresh', value: PLACEHOLDER });
    const { said } = await desk.keyctl(STAGE, { key: KEYS.second });
    expect(said).toContain('Next: npx keyctl rotate --env dev --key fresh');
  });

  it('of the second key names the schedule, while AWSPREVIOUS is still the placeholder', async () => {
    desk.environments.dev = { region: 'us-east-1', keys: { fresh: keyValues() } };
    desk.dev.seed({ name: 'fresh', value: PLACEHOLDER });
    desk.dev.aws.secretsManager.putByHand('amplitude/dev/fresh', documentOf(KEYS.third, 'Fresh'));
    const { said } = await desk.keyctl(STAGE, { key: KEYS.second });
    expect(said).toContain('Next: the rotation on schedule promotes it, 2027-02-22 at the latest');
  });

  it('asks for name and key at a terminal', async () => {
    const person = { interactive: true, key: KEYS.second, name: 'Web 2026-11' };
    const { code, questions } = await desk.keyctl(['stage', '--env', 'dev'], person);
    expect(code).toBe(0);
    expect(questions).toEqual(["Name of the key in Amplitude's UI", 'Key for dev/web']);
  });

  it.each([
    ['the name', { interactive: true, name: undefined, key: KEYS.second }],
    ['the key', { interactive: true, name: 'Web', key: undefined }],
  ])('stores nothing when %s is cancelled', async (_, person) => {
    const { code, error } = await desk.json(['stage', '--env', 'dev'], person);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'CANCELLED' });
    nothingStored();
  });

  it('needs a name when nobody can be asked', async () => {
    const { code, said } = await desk.keyctl(['stage', '--env', 'dev'], { key: KEYS.second });
    expect(code).toBe(2);
    expect(said).toContain('--name "Web 2026-11"');
  });

  it('refuses a key as argument without repeating it, and says to treat it as leaked', async () => {
    const { code, said } = await desk.keyctl([...STAGE, KEYS.second]);
    expect(code).toBe(2);
    expect(said).toContain('treat it as leaked');
    expect(desk.calls).toEqual([]);
  });

  it.each([
    ['--name', KEYS.second],
    ['--key', KEYS.second],
    ['--env', KEYS.second.toUpperCase()],
    ['--config', `${KEYS.second} `],
  ])('refuses a key given as %s without repeating it', async (option, value) => {
    const { code, said } = await desk.keyctl(['stage', '--env', 'dev', option, value]);
    expect(code).toBe(2);
    expect(said).toContain('treat it as leaked');
  });

  it.each([
    ['too short', KEYS.second.slice(1), 'it has 31 characters'],
    ['upper case', KEYS.second.toUpperCase(), 'it has upper case letters'],
    ['a space', `${KEYS.second} `, 'it has a space or tab in it and it has 33 characters'],
    ['a dash', `-${KEYS.second.slice(1)}`, 'characters other than 0-9 and a-f'],
    ['nothing', '', 'nothing was handed in'],
    ['two lines', `${KEYS.second}\n${KEYS.third}\n`, 'several lines'],
  ])('says what is off about a key with %s', async (_, key, reason) => {
    const { code, error } = await desk.json(STAGE, { key });
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'KEY_FORMAT' });
    expect(error.message).toContain('32 lower-case hex characters');
    expect(error.message).toContain(reason);
    nothingStored();
  });

  it('refuses a second staged key and names the first', async () => {
    await desk.keyctl(STAGE, { key: KEYS.second });
    const { code, said } = await desk.keyctl(STAGE, { key: KEYS.third });
    expect(code).toBe(1);
    expect(said).toContain(`Key ${FP.second} ("Web 2026-11") is staged for dev/web already`);
    expect(said).toContain(`npx keyctl unstage --env dev --key web --fingerprint ${FP.second}`);
  });

  it('refuses the current key', async () => {
    const { error } = await desk.json(STAGE, { key: KEYS.first });
    expect(error.code).toBe('KEY_IN_USE_HERE');
    expect(error.message).toContain(`Key ${FP.first} is current in dev/web`);
    nothingStored();
  });

  it('refuses a key that the environment held before', async () => {
    const value = JSON.stringify({ apiKey: KEYS.first, name: 'x', held: [FP.second] });
    desk.dev.aws.secretsManager.putByHand('amplitude/dev/web', value);
    const { error } = await desk.json(STAGE, { key: KEYS.second });
    expect(error.code).toBe('KEY_IN_USE_HERE');
    expect(error.message).toContain('held before in dev/web');
  });

  it('refuses a key that is staged for a sibling', async () => {
    desk.dev.seed({ name: 'ingest', value: documentOf(KEYS.third, 'Ingest') });
    desk.environments.dev = {
      region: 'us-east-1',
      keys: { web: keyValues(), ingest: keyValues() },
    };
    const to = (key: string) => [...STAGE, '--key', key];
    await desk.keyctl(to('ingest'), { key: KEYS.second });
    const { error } = await desk.json(to('web'), { key: KEYS.second });
    expect(error.message).toContain('is staged in dev/ingest');
  });

  it('refuses a key that another environment holds', async () => {
    const { error } = await desk.json(STAGE, { key: KEYS.prod });
    expect(error.code).toBe('KEY_IN_USE_ELSEWHERE');
    expect(error.message).toContain('is current in prod/server');
    nothingStored();
  });

  it('goes on when another environment cannot be asked, and says so', async () => {
    desk.prod.aws.functions.clear();
    const { code, said } = await desk.keyctl(STAGE, { key: KEYS.second });
    expect(code).toBe(0);
    expect(said).toContain('Not checked: whether prod holds this key too');
  });

  it('refuses what Amplitude rejects', async () => {
    desk.amplitude.revoke(KEYS.second);
    const { code, error } = await desk.json(STAGE, { key: KEYS.second });
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'KEY_REJECTED' });
    expect(error.message).toMatch(/HTTP 401, invalid API key.*Nothing was stored\./);
    nothingStored();
  });

  it('names the region a key belongs to when it is the other one', async () => {
    desk.amplitude.generate(KEYS.second, 'EU');
    const { error } = await desk.json(STAGE, { key: KEYS.second });
    expect(error.code).toBe('KEY_IN_OTHER_REGION');
    expect(error.message).toContain('Amplitude EU accepts it');
  });

  it('stores nothing when Amplitude gives no clear answer', async () => {
    desk.amplitude.expect('throttling', 'throttling', 'throttling');
    const { code, error } = await desk.json(STAGE, { key: KEYS.second });
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'VERDICT_UNKNOWN' });
    expect(error.message).toContain('try again');
    nothingStored();
  });

  it('warns of new device IDs for a browser key', async () => {
    desk.dev.seed({
      name: 'site',
      value: documentOf(KEYS.third, 'Site'),
      audience: 'browser',
    });
    desk.environments.dev = { region: 'us-east-1', keys: { site: keyValues() } };
    const { said } = await desk.keyctl(STAGE, { key: KEYS.second });
    expect(said).toContain('new device ID');
  });
});

describe('stage of a secret key', () => {
  const SECRET = ['stage', '--env', 'prod', '--key', 'export', '--name', 'Export'];

  it('has it judged with its API key where it is staged', async () => {
    desk.amplitude.generate(KEYS.prod, 'US', KEYS.secret);
    const { code } = await desk.keyctl(SECRET, { key: KEYS.secret });
    expect(code).toBe(0);
    expect(desk.prod.staged('export', KEYS.secret)?.key).toBe(KEYS.secret);
  });

  it('takes it out again when the pair is rejected', async () => {
    const { code, error } = await desk.json(SECRET, { key: KEYS.secret });
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'KEY_REJECTED' });
    expect(error.message).toContain('taken out again');
    expect(desk.prod.aws.ssm.names()).toEqual([]);
  });

  it('takes it out again when it cannot be judged', async () => {
    desk.amplitude.expect('failing', 'failing', 'failing');
    const { error } = await desk.json(SECRET, { key: KEYS.secret });
    expect(error.code).toBe('VERDICT_UNKNOWN');
    expect(desk.prod.aws.ssm.names()).toEqual([]);
  });
});
