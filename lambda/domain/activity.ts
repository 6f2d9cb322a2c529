import type { AssessReport } from '../payloads.ts';
import type { SecretDescription } from './versions.ts';

/** A time during which a label was on a version; without an end it still is. Whole seconds. */
export interface Tenure {
  readonly label: 'AWSCURRENT' | 'AWSPREVIOUS';
  readonly from?: Date;
  readonly to?: Date;
}

/** Which reads are asked about: of one version, or of one staged parameter. */
export type Wanted =
  | {
      readonly of: 'version';
      readonly versionId: string;
      /** Those that are on no other version at any time. */
      readonly labels: readonly string[];
      readonly tenures: readonly Tenure[];
    }
  | { readonly of: 'staged'; readonly parameter: string };

/** What is asked of CloudTrail about one key. */
export interface ActivityQuestion {
  readonly secret: Pick<SecretDescription, 'arn' | 'name'>;
  readonly stagedPath: string;
  readonly cmkArn: string;
  readonly wanted: Wanted;
  readonly from: Date;
  readonly to: Date;
}

/** One call that CloudTrail recorded, as far as an assessment looks at it. */
export interface TrailEvent {
  readonly name: string;
  readonly at: Date;
  /** ARN of the role or user; of a service its name. */
  readonly principal: string;
  readonly session?: string;
  readonly address?: string;
  readonly vpcEndpoint?: string;
  readonly userAgent?: string;
  /** `AccessDenied`, say; absent when the call succeeded. */
  readonly error?: string;
  readonly secretId?: string;
  readonly versionId?: string;
  readonly label?: string;
  /** Of GetParametersByPath. */
  readonly path?: string;
  /** What was decrypted, by the encryption context. */
  readonly decrypted?: Decrypted;
  /** The whole record as JSON. */
  readonly text: string;
}

export interface Decrypted {
  readonly secretArn?: string;
  readonly parameterArn?: string;
}

/** Reads of one principal. */
export interface ReaderRow {
  readonly principal: string;
  readonly reads: number;
  readonly byVersionId: number;
  readonly first: Date;
  readonly last: Date;
}

export interface HourRow {
  /** Its beginning. */
  readonly hour: Date;
  readonly reads: number;
}

/** Whence and by what a principal read. */
export type TraceRow = Pick<
  TrailEvent,
  'principal' | 'session' | 'address' | 'vpcEndpoint' | 'userAgent'
>;

/** Calls of one kind by one principal, other than the reads asked about. */
export interface ActionRow extends Pick<TrailEvent, 'name' | 'principal' | 'error' | 'decrypted'> {
  readonly count: number;
  readonly last: Date;
}

/** What is on record, counted. */
export interface Activity {
  readonly readers: readonly ReaderRow[];
  readonly hours: readonly HourRow[];
  readonly traces: readonly TraceRow[];
  readonly actions: readonly ActionRow[];
  readonly source: AssessReport['source'];
  /** Whether all reads asked about were seen. @default whether the source is complete */
  readonly hasAllReads?: boolean;
}
