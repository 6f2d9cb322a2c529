import {
  type CloudTrailRecord,
  consoleLogin,
  deniedRead,
  read,
  role,
} from '../../aws/recorded/cloudtrail.ts';

/** CloudTrail's records of calls whose caller wrote a key where he may write anything. */
export function pastedRecords(key: string): CloudTrailRecord[] {
  const within = `it was ${key}, I think`;
  return [
    read({ by: role('stranger', key) }),
    read({ by: role(`stranger-${key}`) }),
    read({ with: within }),
    read({ from: key, versionStage: key, versionId: key }),
    read({ versionId: key + key, more: { vpcEndpointId: key } }),
    read({ secretId: `amplitude/dev/${key}` }),
    read({ more: { errorCode: key, errorMessage: within } }),
    read({ more: { eventID: key } }),
    deniedRead({ secretId: `amplitude/dev/${key}` }),
    consoleLogin({ by: role('stranger', key), mfaUsed: 'No' }),
  ];
}
