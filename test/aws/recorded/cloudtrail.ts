/**
 * CloudTrail's records in the shapes of AWS's documentation, moved to one environment:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
 */
export type CloudTrailRecord = Readonly<Record<string, unknown>>;

const ACCOUNT = '111122223333';
const REGION = 'us-east-1';
export const SECRET_ARN = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:amplitude/dev/web`;

/** 2026-11-24T00:00:00Z, where the fakes' clock begins. */
const NOON = '2026-11-24T00:00:00Z';

let issued = 0;
/** One that no record had before. */
const eventId = () => {
  issued += 1;
  return `b1946ac9-4931-4bd7-9d4c-${issued.toString(16).padStart(12, '0')}`;
};

/** A session of a role, made by a service or by `aws sts assume-role`. */
export const role = (
  name: string,
  session = 'task-1',
  attributes: object = { mfaAuthenticated: 'false' },
) => ({
  type: 'AssumedRole',
  principalId: `AROAIDPPEZS35WEXAMPLE:${session}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name.split('/').at(-1)}/${session}`,
  accountId: ACCOUNT,
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAIDPPEZS35WEXAMPLE',
      arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
      accountId: ACCOUNT,
      userName: name.split('/').at(-1),
    },
    webIdFederationData: {},
    attributes: { creationDate: NOON, ...attributes },
  },
});

/** With a long-lived access key. */
export const user = (name = 'ann') => ({
  type: 'IAMUser',
  principalId: 'AIDAJ45Q7YFFAREXAMPLE',
  arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
  accountId: ACCOUNT,
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  userName: name,
});

/** In a session with temporary credentials, of the console for one. */
export const userInSession = (name = 'ann', mfaAuthenticated = 'true') => ({
  ...user(name),
  sessionContext: { attributes: { creationDate: NOON, mfaAuthenticated } },
});

export const identityCenter = (session = 'ann@example.com') =>
  role('aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b2c3d4e5f6a7b', session);

/** In the console, signed in without MFA. */
export const root = () => ({
  type: 'Root',
  principalId: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:root`,
  accountId: ACCOUNT,
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  sessionContext: { attributes: { creationDate: NOON, mfaAuthenticated: 'false' } },
});

/** With what GetFederationToken gave a user: neither a role nor the user itself. */
export const federatedUser = (name = 'bob') => ({
  type: 'FederatedUser',
  principalId: `${ACCOUNT}:${name}`,
  arn: `arn:aws:sts::${ACCOUNT}:federated-user/${name}`,
  accountId: ACCOUNT,
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  sessionContext: {
    sessionIssuer: {
      type: 'IAMUser',
      principalId: 'AIDAJ45Q7YFFAREXAMPLE',
      arn: `arn:aws:iam::${ACCOUNT}:user/ann`,
      accountId: ACCOUNT,
      userName: 'ann',
    },
    webIdFederationData: {},
    attributes: { creationDate: NOON, mfaAuthenticated: 'false' },
  },
});

/** By the profile of an EC2 instance: its id is the session's name. */
export const onInstance = (name: string, instance = 'i-0a1b2c3d4e5f6a7b8') => {
  const by = role(name, instance);
  return { ...by, sessionContext: { ...by.sessionContext, ec2RoleDelivery: '2.0' } };
};

/** By a token of an OpenID provider, of a workflow on GitHub say. */
export const byOpenId = (name: string, session = 'GitHubActions') => {
  const by = role(name, session);
  const federatedProvider = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
  const webIdFederationData = { federatedProvider, attributes: {} };
  return { ...by, sessionContext: { ...by.sessionContext, webIdFederationData } };
};

/** Of a principal of another account, in the copy that its owner gets. */
export const otherAccount = (accountId = '444455556666') => ({
  type: 'AWSAccount',
  principalId: 'AROAEXAMPLE:session',
  accountId,
});

/** What AWS calls by itself. */
export const service = (invokedBy: string) => ({ type: 'AWSService', invokedBy });

interface Call {
  readonly by?: object;
  /** Of the event. @default the beginning of the fakes' time */
  readonly at?: Date;
  readonly from?: string;
  readonly with?: string;
  /** Fields that the record has besides, or in place. */
  readonly more?: object;
}

function record(eventSource: string, eventName: string, parameters: object | null, call: Call) {
  const { by = role('backend'), at = new Date(NOON), from = '192.0.2.10', more = {} } = call;
  return {
    eventVersion: '1.11',
    userIdentity: by,
    eventTime: at.toISOString().replace(/\.\d{3}Z$/, 'Z'),
    eventSource,
    eventName,
    awsRegion: REGION,
    sourceIPAddress: from,
    userAgent: call.with ?? 'aws-sdk-js/3.1164.0 md/nodejs#24.21.0 exec-env/AWS_ECS_FARGATE',
    requestParameters: parameters,
    responseElements: null as object | null,
    requestID: 'a35b5fc1-2c4a-4bb6-9a1e-0f1e2d3c4b5a',
    eventID: eventId(),
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    ...more,
  };
}

const SECRETS_MANAGER = 'secretsmanager.amazonaws.com';
const tls = (host: string) => ({
  tlsDetails: {
    tlsVersion: 'TLSv1.3',
    cipherSuite: 'TLS_AES_128_GCM_SHA256',
    clientProvidedHostHeader: host,
  },
});

export interface ReadOf extends Call {
  /** As the reader names the secret. @default by its name */
  readonly secretId?: string;
  readonly versionId?: string;
  readonly versionStage?: string;
}

export const read = ({ secretId = 'amplitude/dev/web', ...call }: ReadOf = {}) => {
  const { versionId, versionStage, more } = call;
  const parameters = {
    secretId,
    ...(versionId ? { versionId } : {}),
    ...(versionStage ? { versionStage } : {}),
  };
  return record(SECRETS_MANAGER, 'GetSecretValue', parameters, {
    ...call,
    more: { ...tls(`secretsmanager.${REGION}.amazonaws.com`), ...more },
  });
};

export const throughEndpoint = {
  vpcEndpointId: 'vpce-0a1b2c3d4e5f6a7b8',
  vpcEndpointAccountId: ACCOUNT,
};

/** By a service on behalf of a role: CloudTrail gives the service's name for an address. */
export const readThrough = (name: string, call: ReadOf = {}) =>
  read({
    ...call,
    by: { ...(call.by ?? role('backend')), invokedBy: name },
    from: name,
    with: name,
  });

/** AWS's refusal may leave the parameters out: then only its message names the secret. */
export const deniedRead = ({ secretId = `${SECRET_ARN}-AbCdEf`, ...call }: ReadOf = {}) => {
  const more = {
    errorCode: 'AccessDenied',
    errorMessage: `User: arn:aws:sts::${ACCOUNT}:assumed-role/backend/task-1 is not authorized to perform: secretsmanager:GetSecretValue on resource: ${secretId} because no identity-based policy allows the secretsmanager:GetSecretValue action`,
    requestParameters: null,
  };
  return read({ ...call, more: { ...more, ...call.more } });
};

interface ChangeOf extends ReadOf {
  /** Of the request, beside the secret. */
  readonly parameters?: object;
}

export const changeOfSecret = (
  eventName: string,
  { secretId = 'amplitude/dev/web', parameters = {}, ...call }: ChangeOf = {},
) =>
  record(
    SECRETS_MANAGER,
    eventName,
    { secretId, ...parameters },
    {
      ...call,
      more: { readOnly: false, ...call.more },
    },
  );

export const listSecrets = (call: Call = {}) =>
  record(SECRETS_MANAGER, 'ListSecrets', { maxResults: 100 }, call);

/** KMS names the key by its ARN among the resources, whatever the caller wrote. */
export const changeOfCmk = (eventName: string, keyArn: string, call: Call = {}) =>
  record(
    'kms.amazonaws.com',
    eventName,
    { keyId: keyArn.slice(keyArn.lastIndexOf('/') + 1) },
    {
      ...call,
      more: {
        readOnly: false,
        resources: [{ accountId: ACCOUNT, type: 'AWS::KMS::Key', ARN: keyArn }],
        ...call.more,
      },
    },
  );

export const changeOfTrail = (eventName: string, call: Call = {}) =>
  record(
    'cloudtrail.amazonaws.com',
    eventName,
    { name: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/all` },
    { ...call, more: { readOnly: false, ...call.more } },
  );

export interface SignIn extends Call {
  /** @default 'Yes' */
  readonly mfaUsed?: 'Yes' | 'No';
  readonly failed?: boolean;
}

export function consoleLogin({ mfaUsed = 'Yes', failed = false, ...call }: SignIn = {}) {
  const by = call.by ?? user();
  return record('signin.amazonaws.com', 'ConsoleLogin', null, {
    with: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    ...call,
    by: failed ? withoutArn(by) : by,
    more: {
      readOnly: false,
      eventType: 'AwsConsoleSignIn',
      responseElements: { ConsoleLogin: failed ? 'Failure' : 'Success' },
      ...(failed ? { errorMessage: 'Failed authentication' } : {}),
      additionalEventData: {
        LoginTo: 'https://console.aws.amazon.com/console/home',
        MobileVersion: 'No',
        MFAUsed: mfaUsed,
      },
      ...call.more,
    },
  });
}

const withoutArn = (identity: object) =>
  Object.fromEntries(Object.entries(identity).filter(([name]) => name !== 'arn'));

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html */
export function envelope(detail: CloudTrailRecord) {
  const { eventSource, eventType, eventTime, awsRegion, recipientAccountId } = detail;
  const isSignIn = eventType === 'AwsConsoleSignIn';
  return {
    version: '0',
    id: eventId(),
    'detail-type': isSignIn ? 'AWS Console Sign In via CloudTrail' : 'AWS API Call via CloudTrail',
    source: `aws.${String(eventSource).replace('.amazonaws.com', '')}`,
    account: recipientAccountId ?? ACCOUNT,
    time: eventTime,
    region: awsRegion,
    resources: [],
    detail,
  };
}

/** A batch of the queue. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export const batchOf = (records: readonly CloudTrailRecord[]) =>
  rawBatch(records.map((one) => JSON.stringify(envelope(one))));

export const rawBatch = (bodies: readonly string[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `message-${index + 1}`,
    receiptHandle: 'MessageReceiptHandle',
    body,
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1795478400000' },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT}:amplitude-dev-access-guard`,
    awsRegion: REGION,
  })),
});
