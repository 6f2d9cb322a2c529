import type { GuardRules } from '../../../contract.ts';
import { mayHoldKey } from '../../keyless.ts';
import type { Denied } from '../../quarantine/quarantine.ts';
import { type RecordedCall, sourceOf } from '../call.ts';
import type { OwnRoles } from '../place.ts';
import type { AddressRanges } from '../ports.ts';
import type { Risk } from '../risk/risk.ts';
import { principalTold, safe } from '../usage-line.ts';
import type { Declared } from './declared.ts';

/** What may be denied of whom. */
export interface Target {
  readonly denied: Denied;
  /** What of the reader isn't denied, and why, in words. */
  readonly spared: readonly string[];
}

/** All that is known of a reader and bears on what may be denied of it. */
export interface ReaderFacts {
  readonly call: RecordedCall;
  readonly risk: Pick<Risk, 'isUsualPlace' | 'isUsualSession'>;
  readonly declared: Declared;
  /** Whether its session is named by one of the keys: a tag would tell it to everybody. */
  readonly isKeyToldBySession: boolean;
  /** Whether granted principals usually come from its address; undefined: it couldn't be told. */
  readonly isAddressKept: boolean | undefined;
}

export interface Around extends Pick<AddressRanges, 'isWithin'> {
  readonly rules: Pick<GuardRules, 'ownRanges' | 'allowedRanges'>;
}

type Part = string | { readonly spared: string } | undefined;

/**
 * A principal without a grant is denied as a whole, a consumer no more than the session that is
 * suspicious, and either the address that it came from. What others share is spared: it must never be
 * a way to lock everybody out.
 */
export function targetOf(reader: ReaderFacts, around: Around): Target {
  const parts = {
    session: sessionOf(reader),
    principal: principalOf(reader),
    address: addressOf(reader, around),
  };
  const all = Object.entries(parts);
  return {
    denied: Object.fromEntries(all.filter(([, part]) => typeof part === 'string')),
    spared: all.flatMap(([, part]) => (typeof part === 'object' ? [part.spared] : [])),
  };
}

/** Whoever is exempt from every deny of this stack. */
export const isExempt = ({ principal }: RecordedCall, roles: OwnRoles) =>
  principal !== '' &&
  [...roles.functions, roles.emergency, roles.deploy, roles.breakGlass].includes(principal);

/** As `aws:PrincipalArn` has it: of a session its role. */
const WHOLE = /^arn:[\w-]+:iam::\d{12}:(?:(?:role|user)\/.|root$)/;

/** To policies a federated user is neither the user who made its session nor a role. */
const isWhole = ({ principal, kind }: RecordedCall) => kind !== 'other' && WHOLE.test(principal);

function principalOf({ call, declared }: ReaderFacts): Part {
  const { principal } = call;
  if (declared === 'yes') {
    return { spared: `${principalTold(call)} is a consumer, which is never denied as a whole` };
  }
  if (declared === 'maybe') {
    return {
      spared: `${principalTold(call)} may be a consumer of a key that is granted by tags, or that could not be looked at, so it is not denied as a whole`,
    };
  }
  if (isWhole(call)) return principal;
  return { spared: `of ${principalTold(call)} CloudTrail tells no ARN of a role or user` };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
function sessionOf({ call, risk, declared, isKeyToldBySession }: ReaderFacts): Part {
  const { userId, kind } = call;
  if (!userId || kind === 'AWSService') return undefined;
  if (isKeyToldBySession)
    return { spared: 'its session has the name of a key, which no tag may tell' };
  // Denied with its role anyway, so that a name of a key's shape needn't be written down
  if (declared === 'no') return isWhole(call) && mayHoldKey(userId) ? undefined : userId;
  if (!userId.includes(':')) {
    return { spared: 'a user has no session of its own: its id is the whole user' };
  }
  if (risk.isUsualSession === false) return userId;
  return {
    spared: `session ${safe(call.session ?? userId)} can't be told from those that its consumer usually has, all of which a deny may be of`,
  };
}

function addressOf(
  { call, risk, declared, isAddressKept }: ReaderFacts,
  { rules, isWithin }: Around,
): Part {
  const { address, vpcEndpoint, through } = call;
  const source = safe(sourceOf(call));
  if (vpcEndpoint) return { spared: `VPC endpoint ${source} shows no address of the reader` };
  if (through) return { spared: `${source} read for it, whose address is not the reader's` };
  if (!address || isWithin(address, []) === undefined) return undefined;
  const spared = (why: string) => ({ spared: `${source} ${why}` });
  if (isWithin(address, rules.ownRanges)) return spared('is within the own ranges');
  if (isWithin(address, rules.allowedRanges)) return spared('is within the allowed ranges');
  if (isAddressKept) return spared('is where consumers usually come from');
  if (declared !== 'no' && risk.isUsualPlace)
    return spared('is where this consumer usually comes from');
  if (isAddressKept === undefined) {
    return spared('may be where consumers usually come from, which could not be told just now');
  }
  return address;
}
