import { createHash } from 'node:crypto';
import { otherAccount, role, user, userInSession } from '../../../aws/recorded/cloudtrail.ts';

/** Who calls: CloudTrail's userIdentity, and the principal that the guard tells by it. */
export interface Who {
  readonly identity: object;
  readonly principal: string;
}

const ACCOUNT = '111122223333';
export const PARTNER_ACCOUNT = '444455556666';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Of a role or user: 21 letters and digits that nothing else has. */
function uniqueId(prefix: string, name: string): string {
  const digest = createHash('sha256').update(name).digest().subarray(0, 17);
  return prefix + [...digest].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
export const userArn = (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`;
/** A permission set's role; an administrator of Identity Center alone can make such a path. */
export const permissionSet = (name: string) =>
  `aws-reserved/sso.amazonaws.com/AWSReservedSSO_${name}_0a1b2c3d4e5f6a7b`;

/** A session of a role of this account. */
export function inRole(name: string, session: string, more: object = {}): Who {
  const id = uniqueId('AROA', name);
  const { sessionContext, ...identity } = role(name, session);
  const sessionIssuer = { ...sessionContext.sessionIssuer, principalId: id };
  return {
    identity: {
      ...identity,
      principalId: `${id}:${session}`,
      sessionContext: { ...sessionContext, sessionIssuer, ...more },
    },
    principal: roleArn(name),
  };
}

/** A job of GitHub, that came with a token of its own. */
export const byWebIdentity = (name: string, session: string, provider: string): Who =>
  inRole(name, session, {
    webIdFederationData: {
      federatedProvider: `arn:aws:iam::${ACCOUNT}:oidc-provider/${provider}`,
      attributes: {},
    },
  });

/** With a long-lived access key: whether there is a second factor isn't known. */
export const withAccessKey = (name: string): Who => ({
  identity: { ...user(name), principalId: uniqueId('AIDA', name) },
  principal: userArn(name),
});

export const inUserSession = (name: string, mfa: 'true' | 'false'): Who => ({
  identity: { ...userInSession(name, mfa), principalId: uniqueId('AIDA', name) },
  principal: userArn(name),
});

/** The owner of a secret is told no more of a reader of another account than that account. */
export const ofAccount = (accountId: string, session: string): Who => ({
  identity: {
    ...otherAccount(accountId),
    principalId: `${uniqueId('AROA', accountId)}:${session}`,
  },
  principal: accountId,
});
