import { neitherOfTwo, neverComesBack, promotedAccepted, rejectionTold } from './current.ts';
import { emergencyMeansIt, leakedStaysOut } from './leaked.ts';
import { lockdownHolds } from './lockdown.ts';
import type { Promised } from './promise.ts';
import { retained, retiredRejected } from './replaced.ts';
import { noKeyShown, nothingCrashes } from './told.ts';

/** What is asked after every invocation, every rotation and everything that people do. */
export const PROMISES: readonly Promised[] = [
  nothingCrashes,
  promotedAccepted,
  neverComesBack,
  neitherOfTwo,
  retained,
  retiredRejected,
  leakedStaysOut,
  emergencyMeansIt,
  rejectionTold,
  lockdownHolds,
  noKeyShown,
];
