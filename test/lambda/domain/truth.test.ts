import { describe, expect, it } from 'vitest';
import { SecretValue } from '../../../lambda/domain/secret-value.ts';
import { truthOf } from '../../../lambda/domain/truth.ts';
import { accepted, KEY, rejected, unknown } from './lifecycle/seen.ts';

const project = { organization: 'acme', projectId: '100001', dataResidency: 'EU' } as const;
const document = { kind: 'ingestion', value: new SecretValue(KEY.first), name: 'web, 1' } as const;

describe('the truth', () => {
  it('says what to press, where, and that it is not done', () => {
    const { text, revoked } = truthOf(project, document, accepted());
    expect(revoked).toBe('no');
    expect(text).toMatch(
      /^Whoever holds the value can use it until Revoke is pressed at Amplitude\./,
    );
    expect(text).toContain(
      'organization acme, project 100001, API Keys, the API key named "web, 1"',
    );
    expect(text).toContain('https://app.eu.amplitude.com/analytics/acme/settings/projects');
    expect(text).toContain('Amplitude still accepts it.');
  });

  it.each([
    ['yes', rejected()],
    ['no', rejected('accepted')],
    ['unknown', unknown()],
    ['unknown', undefined],
  ] as const)(
    'is %s: it is revoked once Amplitude rejects it in both regions',
    (revoked, verdict) => {
      expect(truthOf(project, document, verdict).revoked).toBe(revoked);
    },
  );

  it('of a secret key is not known: what is rejected may be its API key', () => {
    const secret = { ...document, kind: 'secret' } as const;
    expect(truthOf(project, secret, rejected()).revoked).toBe('unknown');
    expect(truthOf(project, secret, accepted()).revoked).toBe('no');
  });

  it('is told of a key that can not be read too, and never with a value', () => {
    expect(truthOf(project, undefined, undefined).text).toContain('is not known');
    expect(truthOf(project, document, accepted()).text).not.toContain(KEY.first);
  });
});
