import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { payloadOf } from '../aws/fakes/lambda.ts';
import { Desk, KEYS } from './desk/desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

const STATUS = ['status', '--env', 'dev'];
const named = (name: string, more: object = {}) =>
  Object.assign(new Error(`raw words of AWS about ${KEYS.first}`), { name, ...more });

describe('every failure says what, which, and what next', () => {
  it.each([
    'ExpiredToken',
    'ExpiredTokenException',
    'InvalidClientTokenId',
    'SignatureDoesNotMatch',
  ])('expired credentials (%s)', async (name) => {
    desk.stsFails = named(name);
    const { code, error } = await desk.json(STATUS);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'CREDENTIALS_EXPIRED' });
    expect(error.message).toContain('Sign in again');
    expect(error.message).toContain('AWS_ACCESS_KEY_ID in the environment overrides it');
  });

  it('missing credentials', async () => {
    desk.stsFails = named('CredentialsProviderError');
    const { error } = await desk.json(STATUS);
    expect(error.code).toBe('CREDENTIALS_EXPIRED');
    expect(error.message).toContain('missing, invalid or expired');
  });

  it('missing Region', async () => {
    desk.regionFails = new Error('Region is missing');
    const { code, error } = await desk.json(STATUS);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'REGION_MISSING' });
    expect(error.message).toContain('set its region in lib/environments.ts, or AWS_REGION');
  });

  it('wrong account', async () => {
    desk.environments.dev = { ...desk.environments.dev, account: '999999999999' };
    const { code, error } = await desk.json(STATUS);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'WRONG_ACCOUNT' });
    expect(error.message).toContain('Environment dev is in account 999999999999');
    expect(error.message).toContain('these credentials are for 111122223333');
    expect(desk.calls).toEqual(['GetCallerIdentity']);
  });

  it('undeployed stack', async () => {
    desk.dev.aws.functions.clear();
    const { code, error } = await desk.json(STATUS);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'NOT_DEPLOYED' });
    expect(error.message).toContain(
      'Environment dev is not deployed in account 111122223333, Region us-east-1: npx cdk deploy AmplitudeKeys-dev',
    );
  });

  it('undeployed key', async () => {
    desk.environments.dev = {
      region: 'us-east-1',
      keys: { next: { kind: 'ingestion', audience: 'server', owner: 'x', purpose: 'x' } },
    };
    const { error } = await desk.json(['rotate', '--env', 'dev']);
    expect(error.code).toBe('NOT_DEPLOYED');
    expect(error.message).toContain('Key next of dev has no secret');
  });

  it('access denied names the policy to attach', async () => {
    const message = `raw words of AWS about ${KEYS.first}`;
    desk.dev.aws.faults.fail('Invoke', { error: { name: 'AccessDeniedException', message } });
    const { code, error } = await desk.json(STATUS);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'ACCESS_DENIED' });
    expect(error.message).toContain('Attach the policy AmplitudeKeys-dev-operator');
    expect(error.message).toContain(desk.identity.Arn);
  });

  it('access denied on writing a staged key', async () => {
    desk.amplitude.generate(KEYS.second);
    desk.dev.aws.faults.fail('PutParameter', { error: 'access-denied' });
    const args = ['stage', '--env', 'dev', '--name', 'Web'];
    const { error } = await desk.json(args, { key: KEYS.second });
    expect(error.code).toBe('ACCESS_DENIED');
    expect(error.message).toContain('PutParameter of /amplitude/dev/web/staged/');
  });

  it.each(['ENOTFOUND', 'ECONNREFUSED', 'EAI_AGAIN', 'SELF_SIGNED_CERT_IN_CHAIN'])(
    'unreachable network (%s)',
    async (code) => {
      desk.stsFails = named('Error', { code });
      const { error } = await desk.json(STATUS);
      expect(error.code).toBe('NETWORK_UNREACHABLE');
      expect(error.message).toContain(`AWS could not be reached (${code})`);
    },
  );

  it("the function's own error, with its code", async () => {
    const body = { errorType: 'SETTING_INVALID', errorMessage: 'Deploy the stack again.' };
    desk.dev.aws.lambda.answers = { FunctionError: 'Unhandled', Payload: payloadOf(body) };
    const { code, error } = await desk.json(STATUS);
    expect(code).toBe(1);
    expect(error).toEqual({ code: 'SETTING_INVALID', message: 'Deploy the stack again.' });
  });

  it.each([
    [{ errorMessage: '2026-11-24 Task timed out after 60.00 seconds' }, 'it ran out of time'],
    [{ errorType: 'Runtime.ExitError', errorMessage: 'x' }, 'Runtime.ExitError'],
    [null, 'no reason given'],
    [{ errorType: 7, errorMessage: {} }, 'no reason given'],
  ])('a function that Lambda ended: %o', async (body, reason) => {
    desk.dev.aws.lambda.answers = { FunctionError: 'Unhandled', Payload: payloadOf(body) };
    const { error } = await desk.json(STATUS);
    expect(error.code).toBe('FUNCTION_FAILED');
    expect(error.message).toContain(`(${reason})`);
    expect(error.message).toContain('aws logs tail /aws/lambda/amplitude-dev-inspect');
  });

  it('an answer that is not JSON', async () => {
    desk.dev.aws.lambda.answers = { Payload: new TextEncoder().encode('<html>') };
    const { error } = await desk.json(STATUS);
    expect(error.code).toBe('FUNCTION_FAILED');
  });

  it.each([
    ['without fields', { keys: KEYS.first }],
    ['a list', []],
    ['nothing', null],
    ['more faults than can be told', { keys: Array(200_000).fill(null) }],
  ])('an answer of another form, as of another version: %s', async (_, answer) => {
    desk.dev.aws.lambda.answers = { Payload: payloadOf(answer) };
    const { error } = await desk.json(STATUS);
    expect(error.code).toBe('FUNCTION_FAILED');
    expect(error.message).toContain('It only reads, so nothing was changed. Deploy it again');
  });

  it('no session by its name: what looks like a key in it is not handed on', async () => {
    Object.assign(desk.identity, { Arn: `arn:aws:sts::111122223333:assumed-role/a/${KEYS.first}` });
    const { code } = await desk.keyctl(STATUS);
    expect(code).toBe(0);
  });

  it('a rotation that Secrets Manager may not start', async () => {
    await desk.dev.stage('web', KEYS.second);
    desk.dev.aws.secretsManager.onRotate = undefined;
    const { error } = await desk.json(['rotate', '--env', 'dev']);
    expect(error.code).toBe('ROTATION_NOT_PERMITTED');
    expect(error.message).toContain('aws lambda add-permission');
  });

  it.each([
    ['No Lambda rotation function ARN is associated with this secret.', 'ROTATION_NOT_ENABLED'],
    ["A previous rotation isn't complete.", 'ROTATION_UNDER_WAY'],
    ['You must not.', 'AWS_CALL_FAILED'],
  ])('a rotation that AWS refuses: %s', async (message, code) => {
    await desk.dev.stage('web', KEYS.second);
    const failure = { name: 'InvalidRequestException', message };
    desk.dev.aws.faults.fail('RotateSecret', { error: failure });
    const { error } = await desk.json(['rotate', '--env', 'dev']);
    expect(error.code).toBe(code);
  });

  it('a fault of keyctl itself whose message passes for a frame of its stack', async () => {
    Object.defineProperty(desk.identity, 'Account', {
      get: () => {
        throw new Error(`typed:\n    at ${KEYS.first}`);
      },
    });
    const { error } = await desk.json(STATUS);
    expect(error.message).toContain('A fault of keyctl itself (Error at [redacted])');
  });

  it('a fault of keyctl itself, without its message', async () => {
    Object.assign(desk.identity, { Arn: { key: KEYS.first } });
    const { code, error } = await desk.json(STATUS);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'UNEXPECTED' });
    expect(error.message).toContain('A fault of keyctl itself (TypeError at');
  });
});

describe('a failure of the emergency function', () => {
  const REVOKE = ['revoke', '--env', 'dev', '--reason', 'in a log'];

  it('says that it may have acted, to run it again, and where to look', async () => {
    const errorMessage = '2026-11-24 Task timed out after 30.00 seconds';
    desk.dev.aws.lambda.answers = {
      FunctionError: 'Unhandled',
      Payload: payloadOf({ errorMessage }),
    };
    const { code, error } = await desk.json(REVOKE);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'FUNCTION_FAILED' });
    expect(error.message).toBe(
      'Function amplitude-dev-emergency failed (it ran out of time). It may have acted. Run the same command again: it goes on, and does nothing twice. See where things stand: npx keyctl status --env dev. Look into its log group: aws logs tail /aws/lambda/amplitude-dev-emergency --since 10m --region us-east-1',
    );
  });

  it('says the same when no answer came back', async () => {
    desk.dev.aws.faults.fail('Invoke', { error: 'timeout' });
    const { error } = await desk.json(REVOKE);
    expect(error.code).toBe('NETWORK_UNREACHABLE');
    expect(error.message).toContain('It may have acted. Run the same command again');
  });

  it('that AWS denies names the role to assume, and how', async () => {
    desk.dev.aws.faults.fail('Invoke', { error: 'access-denied' });
    const { code, stderr } = await desk.keyctl(REVOKE);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'aws sts assume-role --role-arn arn:aws:iam::111122223333:role/AmplitudeKeys-dev-responder --role-session-name <your-name> --source-identity <your-name>\n',
    );
    expect(stderr).not.toContain('AmplitudeKeys-dev-operator');
  });

  it('because it is not deployed says how to deploy it', async () => {
    const { error } = await desk.json(REVOKE);
    expect(error.code).toBe('NOT_DEPLOYED');
    expect(error.message).toContain('npx cdk deploy AmplitudeKeys-dev');
  });
});
