import type { GuardRules } from '../../contract.ts';
import type { KeyReport } from '../../payloads.ts';
import { addressOf, isDenied, isPerson, type RecordedCall, sourceOf } from './call.ts';
import { grantOf } from './grant.ts';
import { isOwnCmk, isStrangeEndpoint, type OwnRoles, type Place } from './place.ts';
import type { AddressRanges } from './ports.ts';
import type { Subject } from './subject.ts';

/** Stable: the usage record names them. */
export type RuleCode =
  | 'too-many-reads-of-key'
  | 'too-many-reads-from-source'
  | 'no-grant'
  | 'outside-allowed-ranges'
  | 'in-denied-ranges'
  | 'human-without-mfa'
  | 'by-version-id'
  | 'denied-read'
  | 'trail-changed'
  | 'policy-changed'
  | 'secret-moved'
  | 'cmk-disabled'
  | 'sign-in'
  | 'high-risk';

/** Reads within so many minutes, this one among them. */
export interface Counts {
  readonly ofKey: number;
  readonly fromSource: number;
}

/** One call and all that is known about it. */
export interface Case {
  readonly call: RecordedCall;
  readonly subject: Subject;
  /** The key's name. */
  readonly key?: string;
  /** Absent where `inspect` doesn't know the key or gave no answer. */
  readonly report?: KeyReport;
  /** Of a successful read. */
  readonly counts?: Counts;
}

export interface Judging extends Pick<AddressRanges, 'isWithin'> {
  readonly rules: GuardRules;
  readonly roles: OwnRoles;
  readonly place: Place;
}

/** A kind of finding, and how it is told. */
export interface FindingKind {
  readonly code: RuleCode;
  /** What a person is to look at. */
  readonly look: string;
  /** Who it is about: of the same one the same is reported once a day. @default the principal */
  who?(call: RecordedCall): string;
  /** It is rare and grave, and reported again after an hour. @default false */
  readonly isGrave?: boolean;
}

export interface Rule extends FindingKind {
  /** What is wrong with the case, in words and numbers; undefined if nothing. */
  reason(one: Case, judging: Judging): string | undefined;
}

const isRead = ({ subject, call }: Case) => subject.of === 'read' && call.error === undefined;

const tried = ({ error }: RecordedCall) => (error ? ` was tried and failed (${error})` : '');

export const POLICY_CHANGES = ['PutResourcePolicy', 'DeleteResourcePolicy', 'PutKeyPolicy'];
const CMK_ENDS = ['DisableKey', 'ScheduleKeyDeletion'];

export const RULES: readonly Rule[] = [
  {
    code: 'too-many-reads-of-key',
    reason(one, { rules: { mostReads, withinMinutes } }) {
      const reads = one.counts?.ofKey ?? 0;
      if (reads <= mostReads) return undefined;
      return `${told(reads, mostReads)} reads of the key within ${withinMinutes} minutes, where ${mostReads} are allowed`;
    },
    look: 'Is it a consumer in a crash loop or without a cache, or somebody who copies? npx keyctl readers tells who reads how often.',
    who: () => 'anyone',
  },
  {
    code: 'too-many-reads-from-source',
    reason({ counts, call }, { rules: { mostReads, withinMinutes } }) {
      const reads = counts?.fromSource ?? 0;
      if (reads <= mostReads) return undefined;
      return `${told(reads, mostReads)} reads of this environment's keys within ${withinMinutes} minutes from ${sourceOf(call)}, where ${mostReads} are allowed`;
    },
    look: 'Whose address or VPC endpoint is it, and does anything there read more than at its start?',
    who: sourceOf,
  },
  {
    code: 'no-grant',
    reason(one) {
      if (!isRead(one)) return undefined;
      const grant = grantOf(one.call, one.report);
      return grant.is === 'none' ? grant.why : undefined;
    },
    look: "Who is it? If it is to read the key, grant it (consumers in the configuration); if not, take its permission away, and if nobody knows it, the key has leaked: the README's emergency.",
  },
  {
    code: 'outside-allowed-ranges',
    reason(one, { rules: { allowedRanges }, place, isWithin }) {
      if (!isRead(one) || allowedRanges.length === 0) return undefined;
      const { vpcEndpoint, vpcEndpointAccount } = one.call;
      if (isStrangeEndpoint(one.call, place)) {
        return `read through the VPC endpoint ${vpcEndpoint} of account ${vpcEndpointAccount}, which is neither this one nor the reader's`;
      }
      const address = addressOf(one.call);
      if (!address) return undefined;
      if (isWithin(address, allowedRanges) !== false) return undefined;
      return `read from ${address}, which is in none of the allowed ranges`;
    },
    look: 'Whose address is it? Credentials that are used from elsewhere may be stolen.',
  },
  {
    code: 'in-denied-ranges',
    reason(one, { rules: { deniedRanges }, isWithin }) {
      const address = addressOf(one.call);
      if (!isRead(one) || !address || !isWithin(address, deniedRanges)) return undefined;
      return `read from ${address}, which is in a denied range`;
    },
    look: 'Whose address is it? Credentials that are used from elsewhere may be stolen.',
  },
  {
    code: 'human-without-mfa',
    reason(one, { rules: { requireMfa } }) {
      const { call } = one;
      if (!requireMfa || !isRead(one) || !isPerson(call) || call.mfa !== 'no') return undefined;
      return 'read by a person in a session without MFA';
    },
    look: 'Did that person mean to, and why without MFA? Of a sign-in by SAML AWS knows no MFA.',
  },
  {
    code: 'by-version-id',
    reason(one) {
      const { versionId } = one.call;
      if (!isRead(one) || !versionId) return undefined;
      return `read by version id (${versionId}), which no consumer needs and which passes by the labels`;
    },
    look: 'Who reads a version that labels would not give? A consumer reads AWSCURRENT.',
  },
  {
    code: 'denied-read',
    reason({ subject, call }) {
      if (subject.of !== 'read' || !isDenied(call)) return undefined;
      return `a read was denied (${call.error})`;
    },
    look: 'A consumer whose grant is missing or over, or somebody who tries doors?',
  },
  {
    code: 'trail-changed',
    reason({ subject, call }) {
      if (subject.of !== 'trail') return undefined;
      return `${call.name}${tried(call) || ': from now on CloudTrail may see less, and this guard with it'}`;
    },
    look: 'Who changed which trail, and was it planned? aws cloudtrail get-trail-status tells whether it still records.',
    who: ({ principal, name }) => `${principal} ${name}`,
    isGrave: true,
  },
  {
    code: 'policy-changed',
    reason({ call, subject }) {
      if (!['secret', 'cmk'].includes(subject.of) || !POLICY_CHANGES.includes(call.name)) {
        return undefined;
      }
      return `${call.name}${tried(call) || ': who may read may have changed'}`;
    },
    look: 'Compare the policy with the template: npx cdk diff, or the change in CloudTrail by its event id.',
    isGrave: true,
  },
  {
    code: 'secret-moved',
    reason({ call, subject }, { place }) {
      if (subject.of !== 'secret') return undefined;
      if (call.name === 'ReplicateSecretToRegions') {
        return `${call.name}${tried(call) || ': there is a copy in another Region, whose reads this guard does not see'}`;
      }
      if (call.name !== 'UpdateSecret' || isOwnCmk(call, place)) return undefined;
      return `${call.name} to another KMS key${tried(call) || ': its policy, which this stack does not hold, says who may decrypt'}`;
    },
    look: 'Who wants it there? aws secretsmanager describe-secret tells Regions and KMS key; remove-regions-from-replication and update-secret undo it.',
    isGrave: true,
  },
  {
    code: 'cmk-disabled',
    reason({ call, subject }) {
      if (subject.of !== 'cmk' || !CMK_ENDS.includes(call.name)) return undefined;
      return `${call.name} of the CMK of all keys${tried(call) || ': no key can be read until it is enabled again'}`;
    },
    look: 'Was it meant? It was not the emergency function. aws kms enable-key, or cancel-key-deletion first.',
    isGrave: true,
  },
  {
    code: 'sign-in',
    reason({ call, subject }) {
      if (subject.of !== 'sign-in') return undefined;
      if (call.signInFailed)
        return 'a sign-in to the console failed, of somebody who has read a key in the last day';
      if (!isPerson(call) || call.mfa !== 'no') return undefined;
      return 'signed in to the console without MFA, after reading a key in the last day';
    },
    look: 'Was it that person? A failed sign-in may be a guess at a password.',
  },
];

const told = (reads: number, most: number) => (reads === most + 1 ? `More than ${most}` : reads);
