/** Where MiniStack answers something else than AWS. We follow AWS, as it was recorded. */
export interface KnownDifference {
  /** Of the recordings, and of `test/aws/recorded`. */
  readonly row: number;
  /** The day, or days, of AWS's own answer. */
  readonly recorded: string;
  /** In a sentence. */
  readonly difference: string;
  /** MiniStack's answer: its ids numbered as they come, names and times taken out. */
  readonly answer: string;
}

export interface KnownDifferences {
  /** https://github.com/localstack/localstack/tree/main/tests/aws/services/secretsmanager */
  readonly secretsManager: readonly KnownDifference[];
  /** https://github.com/localstack/localstack/tree/main/tests/aws/services/kms */
  readonly kms: readonly KnownDifference[];
}

const NO_ERROR = '{"name":"no error","message":""}';

/** Nothing of this project calls it, so nothing is added for it. */
const NO_ROTATION_ON_DEMAND: readonly KnownDifference[] = [
  {
    row: 2,
    recorded: '2025-03-12, 2025-11-10',
    difference: 'It has no RotateKeyOnDemand.',
    answer: 'InvalidAction: Unknown action: RotateKeyOnDemand',
  },
  {
    row: 3,
    recorded: '2025-03-08',
    difference: 'It has no RotateKeyOnDemand.',
    answer: '{"name":"InvalidAction","message":"Unknown action: RotateKeyOnDemand"}',
  },
  {
    row: 4,
    recorded: '2025-04-03',
    difference: 'It has no RotateKeyOnDemand.',
    answer: 'InvalidAction: Unknown action: RotateKeyOnDemand',
  },
];

/** Of the local AWS: MiniStack with what this project adds to it. */
export const OF_LOCAL_AWS: KnownDifferences = { secretsManager: [], kms: NO_ROTATION_ON_DEMAND };

/** Of MiniStack 1.4.21 as it comes. */
export const OF_STOCK: KnownDifferences = {
  secretsManager: [
    {
      row: 1,
      recorded: '2022-09-28',
      difference: 'A put as AWSCURRENT loses the other labels that it asks for.',
      answer: '{"v1":["AWSPREVIOUS"],"v2":["AWSCURRENT"]}',
    },
    {
      row: 2,
      recorded: '2022-09-28',
      difference: 'The label that was lost in row 1 is missing.',
      answer: '{"v1":["AWSPREVIOUS"],"v2":["AWSCURRENT"],"v3":["AWSPENDING","PUT1"]}',
    },
    {
      row: 3,
      recorded: '2022-09-28',
      difference: 'The label that was lost in row 1 is missing; AWSPENDING stays, as at AWS.',
      answer: '{"v1":["AWSPREVIOUS"],"v2":["AWSCURRENT","AWSPENDING","PUT1"]}',
    },
    {
      row: 4,
      recorded: '2022-09-28',
      difference: 'AWSPENDING sits on two versions.',
      answer:
        '{"v1":["AWSPREVIOUS"],"v2":["AWSCURRENT","AWSPENDING","PUT1"],"v3":["AWSPENDING","PUT2"]}',
    },
    {
      row: 5,
      recorded: '2022-09-28',
      difference: 'Labels of our own sit on two versions.',
      answer: '{"v1":["AWSCURRENT"],"v2":["one","three","two"],"v3":["four","one","three","two"]}',
    },
    {
      row: 7,
      recorded: '2024-04-11',
      difference: 'The message ends with a full stop.',
      answer:
        '{"name":"ResourceNotFoundException","message":"Secrets Manager can\'t find the specified secret value for staging label: AWSPREVIOUS."}',
    },
    {
      row: 8,
      recorded: '2024-04-11',
      difference: 'It reads the version, whatever label was asked for beside.',
      answer: NO_ERROR,
    },
    {
      row: 9,
      recorded: '2024-06-13',
      difference: 'The message is another.',
      answer:
        '{"name":"ResourceNotFoundException","message":"Secrets Manager can\'t find the specified secret version: v1."}',
    },
    {
      row: 10,
      recorded: '2024-06-13',
      difference: 'A secret that was created without a value has an empty one.',
      answer: NO_ERROR,
    },
    {
      row: 11,
      recorded: '2023-09-05',
      difference: 'A secret that was created without a value has a version.',
      answer: '{"v1":["AWSCURRENT"]}',
    },
    {
      row: 12,
      recorded: '2025-03-29',
      difference:
        'A rotation sets no dates: it copies and promotes the value, without the function.',
      answer: '{}',
    },
    {
      row: 13,
      recorded: '2025-03-27',
      difference: 'It rotates without a function.',
      answer: NO_ERROR,
    },
    {
      row: 14,
      recorded: '2024-03-15',
      difference: "It doesn't ask whether it may invoke the function.",
      answer: NO_ERROR,
    },
    {
      row: 16,
      recorded: '2022-09-28',
      difference:
        'The name of a secret that is marked for deletion is refused as any other taken one.',
      answer:
        '{"name":"ResourceExistsException","message":"The operation failed because the secret NAME already exists."}',
    },
    {
      row: 18,
      recorded: '2023-05-12',
      difference: 'It needs no ClientRequestToken.',
      answer: NO_ERROR,
    },
  ],
  kms: [
    {
      row: 1,
      recorded: '2025-03-02',
      difference: 'It tells no date of the next rotation.',
      answer: '{"KeyRotationEnabled":true,"RotationPeriodInDays":90}',
    },
    ...NO_ROTATION_ON_DEMAND,
    {
      row: 5,
      recorded: '2025-03-08',
      difference: 'The message is another.',
      answer:
        '{"name":"NotFoundException","message":"Key arn:aws:kms:us-east-1:000000000000:key/v1 not found"}',
    },
  ],
};
