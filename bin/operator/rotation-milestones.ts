import { isRetained } from '../../lambda/domain/labels.ts';

/** A rotation that was started, and what it is to do. */
export interface Started {
  readonly key: string;
  /** Id of the version that is being made. */
  readonly token: string;
  /** Fingerprint of the staged key. */
  readonly candidate: string;
  /** Version of the key that is replaced; none for the first key. */
  readonly replaced?: string;
}

export type LabelsOf = (versionId: string) => readonly string[];
export type MilestoneName = 'pending' | 'promoted' | 'retained' | 'settled' | 'unstaged';

export const TOLD: Readonly<Record<MilestoneName, string>> = {
  pending: 'Started: Amplitude is asked about the key',
  promoted: 'Promoted: from now on consumers read this key',
  retained: 'Retained: the replaced key stays readable',
  settled: 'Settled: AWSPENDING is off',
  unstaged: 'Cleaned up: the staged parameter is gone',
};

interface Milestone {
  readonly name: MilestoneName;
  readonly reached: (labelsOf: LabelsOf) => boolean;
}

/** What the labels of the secret show, one after the other. */
export function milestonesOf({ token, replaced }: Started): Milestone[] {
  const pending = (of: LabelsOf) => of(token).includes('AWSPENDING');
  const promoted = (of: LabelsOf) => of(token).includes('AWSCURRENT');
  const retained = (of: LabelsOf) => replaced === undefined || of(replaced).some(isRetained);
  return [
    { name: 'pending', reached: (of) => pending(of) || promoted(of) },
    { name: 'promoted', reached: promoted },
    ...(replaced ? [{ name: 'retained' as const, reached: retained }] : []),
    { name: 'settled', reached: (of) => promoted(of) && !pending(of) },
  ];
}
