/** Second factors that IAM knows of. */
export interface SecondFactors {
  /** Whether an IAM user of this account has any MFA device; undefined: IAM gave no answer. */
  has(userName: string): Promise<boolean | undefined>;
}

/** The emergency function, as far as the access guard may ask it. */
export interface Revoker {
  /** Begins the revocation of one version of a key, and doesn't wait for its end. */
  revoke(key: string, version: string, reason: string): Promise<void>;
}
