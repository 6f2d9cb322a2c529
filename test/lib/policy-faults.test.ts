import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../lib/config-faults.ts';
import { lockouts, MAX_KEY_POLICY, policyFaults } from '../../lib/policy-faults.ts';
import { readerPolicy } from '../../lib/reader-policy.ts';
import { exampleKey, synthesize } from './synthesized.ts';

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const exemptRoleArns = [role('rotation'), role('cfn-exec'), role('break-glass')];
const readers = { grants: [], exemptRoleArns, probeRoleArn: role('probe') };

function faultsOf(over: object): string[] {
  try {
    synthesize(over);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('a policy that would lock out whoever works with the keys is refused:', () => {
  const planted = (spared: readonly string[]) => {
    const document = readerPolicy(readers);
    const deny = new PolicyStatement({
      sid: 'Planted',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['secretsmanager:GetSecretValue'],
      resources: ['*'],
      conditions: spared.length > 0 ? { ArnNotEquals: { 'aws:PrincipalArn': spared } } : {},
    });
    document.addStatements(deny);
    const path = 'dev.keys.web.consumers';
    const name = 'the policy of the secret';
    return policyFaults(new Stack(), [{ path, name, document, readers, most: 20_480 }]);
  };

  it.each(exemptRoleArns)('one deny that does not exempt %s', (arn) => {
    expect(planted(exemptRoleArns.filter((one) => one !== arn))).toEqual([
      {
        path: 'dev.keys.web.consumers',
        message: `the policy of the secret would lock out "${arn}" by its deny Planted: exempt it there by ArnNotEquals`,
      },
    ]);
  });

  it('one that exempts nobody, or whose exemption is of something else', () => {
    expect(planted([])).toHaveLength(3);
    const Condition = { ArnNotEquals: { 'aws:SourceArn': exemptRoleArns } };
    expect(lockouts({ Statement: [{ Effect: 'Deny', Condition }] }, exemptRoleArns)).toHaveLength(
      3,
    );
  });

  it('and as it is made, none is found', () => {
    expect(planted(exemptRoleArns)).toEqual([]);
  });
});

const long = (name: string) => `${'p'.repeat(60)}/${'q'.repeat(60)}/${name}-${'r'.repeat(40)}`;
const restricted = (index: number) => ({
  role: role(long(`web-${index}`)),
  purpose: 'x',
  vpcEndpoint: `vpce-${String(index).padStart(17, '0')}`,
  organization: `o-${String(index).padStart(10, '0')}`,
});
const many = <T>(count: number, of: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => of(index));

describe("a secret's policy", () => {
  const withConsumers = (consumers: readonly object[]) => ({
    keys: { web: { ...exampleKey, consumers } },
  });

  it('has room for fifteen consumers of the longest names', () => {
    const alike = (index: number) => ({ ...restricted(0), role: restricted(index).role });
    expect(faultsOf(withConsumers(many(15, alike)))).toEqual([]);
  });

  it('and not for as many that share nothing: it is told how long it would be', () => {
    expect(faultsOf(withConsumers(many(15, restricted)))).toEqual([
      expect.stringMatching(
        /^dev\.keys\.web\.consumers: the policy of the secret would have about \d{5} characters, at most 20480 are taken: name together by one principalTag who shares account and conditions: those that could share their conditions$/,
      ),
    ]);
  });

  it('and tells those that a tag could name together', () => {
    const consumers = [
      ...many(12, restricted),
      ...many(2, (index) => ({ role: role(`api-${index}`), purpose: 'x' })),
    ];
    expect(faultsOf(withConsumers(consumers))).toEqual([
      expect.stringMatching(/who shares account and conditions: api-0, api-1$/),
    ]);
  });
});

describe("the CMK's policy", () => {
  const abroad = (name: string) => ({
    account: '444455556666',
    roleName: long(name),
    purpose: 'x',
  });
  const keys = (count: number, nameOf: (key: number) => string) =>
    many(count, (key) => {
      const consumers = many(15, (index) => abroad(`${nameOf(key)}-${index}`));
      return [`key-${key}`, { ...exampleKey, consumers }] as const;
    });
  const faults = (...those: Parameters<typeof keys>) =>
    faultsOf({ account: '111122223333', keys: Object.fromEntries(keys(...those)) });

  it('has room for the consumers of a few keys, and not for those of many', () => {
    expect(faults(2, (key) => `k${key}`)).toEqual([]);
    expect(faults(7, (key) => `k${key}`)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^dev\\.keys: the policy of the CMK would have about \\d{5} characters, at most ${MAX_KEY_POLICY} are taken: .*: k0-0-r+, .* and 100 more$`,
        ),
      ),
    ]);
  });

  it('counts a consumer of several keys once', () => {
    expect(faults(7, () => 'web')).toEqual([]);
  });
});
