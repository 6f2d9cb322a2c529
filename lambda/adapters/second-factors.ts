import { type IAMClient, ListMFADevicesCommand } from '@aws-sdk/client-iam';
import type { SecondFactors } from '../domain/access-guard/answer/ports.ts';

/**
 * IAM, asked about its users. A user who is gone, or one it doesn't tell of, is no reason to wait.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html
 */
export function secondFactors(client: IAMClient): SecondFactors {
  return {
    async has(UserName) {
      try {
        const answer = await client.send(new ListMFADevicesCommand({ UserName }));
        const { MFADevices = [], IsTruncated = false } = answer;
        if (MFADevices.length > 0) return true;
        // A page may be empty although another follows
        return IsTruncated ? undefined : false;
      } catch {
        return undefined;
      }
    },
  };
}
