import {
  InvalidParameterException,
  InvalidRequestException,
  ResourceExistsException,
  ResourceNotFoundException,
  type RotationRulesType,
} from '@aws-sdk/client-secrets-manager';
import { raise } from './errors.ts';
import { intervalOf } from './rotation-rules.ts';
import {
  attach,
  detach,
  type LabelMove,
  type Labels,
  labelsOf,
  move,
  refuseTooMany,
} from './staging-labels.ts';

export interface Content {
  readonly secret: string;
  readonly kmsKeyId: string | undefined;
}

export interface Version {
  readonly id: string;
  readonly createdAt: Date;
  /** A rotation's version has none until createSecret puts it. */
  content?: Content;
}

export interface RotationConfig {
  lambdaArn: string;
  rules: RotationRulesType;
  enabled: boolean;
  lastRotatedAt?: Date;
  nextRotationAt?: Date;
}

export interface RotationAttempt {
  readonly token: string;
  state: 'running' | 'succeeded' | 'failed' | 'abandoned';
}

/** One secret: its versions, the labels on them and what a manual change does to a rotation. */
export class Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly tags = new Map<string, string>();
  readonly versions = new Map<string, Version>();
  lastChangedAt: Date;
  labels: Labels = new Map();
  description: string | undefined;
  kmsKeyId: string | undefined;
  deletionAt: Date | undefined;
  rotation: RotationConfig | undefined;
  attempt: RotationAttempt | undefined;

  constructor(name: string, arn: string, now: Date) {
    this.name = name;
    this.arn = arn;
    this.createdAt = now;
    this.lastChangedAt = now;
  }

  /** @returns whether a value was stored; the same value under the same token changes nothing. */
  put(token: string, content: Content, stages: readonly string[] | undefined, now: Date): boolean {
    const existing = this.versions.get(token);
    if (existing?.content) {
      if (existing.content.secret === content.secret) return false;
      raise(ResourceExistsException, tokenInUse(token, this.arn));
    }
    // "If this operation creates the first version …, attaches AWSCURRENT": API_PutSecretValue
    const first = this.versions.size === 0 ? ['AWSCURRENT'] : [];
    const wanted = [...(stages ?? ['AWSCURRENT']), ...first];
    let labels = wanted.reduce((all, label) => attach(all, label, token), this.labels);
    const abandoned = wanted.includes('AWSCURRENT') && this.#otherRotation(token);
    if (abandoned && labels.get('AWSPENDING') === abandoned.token) {
      labels = detach(labels, 'AWSPENDING');
    }
    refuseTooMany(labels);
    if (abandoned) abandoned.state = 'abandoned';
    this.versions.set(token, { createdAt: now, ...existing, id: token, content });
    this.#relabel(labels, now);
    return true;
  }

  /** What the service does before createSecret: the label, and no value yet. */
  attachEmpty(token: string, now: Date): void {
    const labels = attach(this.labels, 'AWSPENDING', token);
    refuseTooMany(labels);
    this.versions.set(token, { createdAt: now, id: token, ...this.versions.get(token) });
    this.#relabel(labels, now);
  }

  moveLabel(change: LabelMove, now: Date): void {
    for (const id of [change.to, change.from]) {
      if (id !== undefined && !this.versions.has(id)) {
        raise(InvalidParameterException, `Secrets Manager can't find the version ${id}.`);
      }
    }
    const labels = move(this.labels, change);
    refuseTooMany(labels);
    this.#relabel(labels, now);
  }

  takeOff(label: string, now: Date): void {
    this.#relabel(detach(this.labels, label), now);
  }

  read(versionId: string | undefined, stage: string | undefined): Required<Version> {
    const label = stage ?? (versionId === undefined ? 'AWSCURRENT' : undefined);
    const id = versionId ?? this.labels.get(label ?? '');
    const version = id === undefined ? undefined : this.versions.get(id);
    if (!version) return this.#notFound(versionId, label);
    if (label !== undefined && this.labels.get(label) !== version.id) {
      raise(
        InvalidRequestException,
        'You provided a VersionStage that is not associated to the provided VersionId.',
      );
    }
    const { content } = version;
    return content ? { ...version, content } : this.#notFound(versionId, label);
  }

  configureRotation(config: RotationConfig, now: Date): void {
    this.rotation = config;
    this.lastChangedAt = now;
    if (!config.nextRotationAt) this.#schedule(now);
  }

  /** A value put by hand counts too. */
  countAsRotated(now: Date): void {
    if (!this.rotation?.enabled) return;
    this.rotation.lastRotatedAt = now;
    this.#schedule(now);
  }

  labelsOf(versionId: string): string[] {
    return labelsOf(this.labels, versionId);
  }

  /** Versions with a label, as Describe lists them. */
  labelled(): Record<string, string[]> {
    const ids = [...this.versions.keys()].filter((id) => this.labelsOf(id).length > 0);
    return Object.fromEntries(ids.map((id) => [id, this.labelsOf(id)]));
  }

  #schedule(from: Date): void {
    if (!this.rotation) return;
    const { AutomaticallyAfterDays, ScheduleExpression } = this.rotation.rules;
    if (AutomaticallyAfterDays === undefined && ScheduleExpression === undefined) return;
    this.rotation.nextRotationAt = new Date(from.getTime() + intervalOf(this.rotation.rules));
  }

  #otherRotation(token: string): RotationAttempt | undefined {
    const { attempt } = this;
    const open = attempt?.state === 'running' || attempt?.state === 'failed';
    return open && attempt.token !== token ? attempt : undefined;
  }

  #relabel(labels: Labels, now: Date): void {
    this.labels = labels;
    this.lastChangedAt = now;
    for (const [id, { content }] of this.versions) {
      if (!content && this.labelsOf(id).length === 0) this.versions.delete(id);
    }
  }

  #notFound(versionId: string | undefined, label: string | undefined): never {
    const what = versionId ? `VersionId: ${versionId}` : `staging label: ${label}`;
    raise(
      ResourceNotFoundException,
      `Secrets Manager can't find the specified secret value for ${what}`,
    );
  }
}

// As quoted by getmoto/moto, moto/secretsmanager/models.py
const tokenInUse = (token: string, arn: string) =>
  `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${arn}.`;
