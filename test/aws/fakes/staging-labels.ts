import { InvalidParameterException, LimitExceededException } from '@aws-sdk/client-secrets-manager';
import { raise } from './errors.ts';

/** The version that carries a label: keyed by label, so that a label sits on one version. */
export type Labels = ReadonlyMap<string, string>;

// https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
const MAX_LABELS = 20;

export function labelsOf(labels: Labels, versionId: string): string[] {
  const own = [...labels].filter(([, holder]) => holder === versionId);
  return own.map(([label]) => label).sort();
}

/** AWSPREVIOUS follows: it goes to the version that AWSCURRENT leaves. */
export function attach(labels: Labels, label: string, versionId: string): Labels {
  refuseBadLabel(label);
  const next = new Map(labels);
  const holder = labels.get(label);
  if (label === 'AWSCURRENT' && holder !== undefined && holder !== versionId) {
    next.set('AWSPREVIOUS', holder);
  }
  return next.set(label, versionId);
}

export function detach(labels: Labels, label: string): Labels {
  const next = new Map(labels);
  next.delete(label);
  return next;
}

export function refuseTooMany(labels: Labels): void {
  if (labels.size <= MAX_LABELS) return;
  raise(
    LimitExceededException,
    `The request failed because a secret can't have more than ${MAX_LABELS} staging labels.`,
  );
}

export interface LabelMove {
  readonly label: string;
  readonly to?: string | undefined;
  readonly from?: string | undefined;
}

/** UpdateSecretVersionStage on labels whose versions are known to exist. */
export function move(labels: Labels, { label, to, from }: LabelMove): Labels {
  refuseBadLabel(label);
  const holder = labels.get(label);
  if (from !== undefined && holder !== from) refuse(wrongHolder(label));
  if (to === undefined) {
    if (from === undefined) refuse('You must specify MoveToVersionId or RemoveFromVersionId.');
    if (label === 'AWSCURRENT') refuse(ONLY_MOVES);
    return detach(labels, label);
  }
  if (from === undefined && holder !== undefined && holder !== to) refuse(unnamed(label, holder));
  return attach(labels, label, to);
}

function refuseBadLabel(label: string): void {
  if (label.length < 1 || label.length > 256) refuse('A staging label has 1 to 256 characters.');
}

const refuse = (message: string): never => raise(InvalidParameterException, message);

// As quoted in hashicorp/terraform-provider-aws, internal/service/secretsmanager/secret_version.go
const ONLY_MOVES =
  "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.";

// As quoted in hashicorp/terraform-provider-aws#19943
const unnamed = (label: string, holder: string) =>
  `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`;

// The rule is in AWS's API reference, "the version ID does not match"; the wording isn't confirmed
const wrongHolder = (label: string) =>
  `When you move staging label ${label}, if you specify RemoveFromVersionId, it must be set to the version that currently has the staging label ${label}.`;
