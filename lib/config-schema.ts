import * as z from 'zod';

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as a fault shows it. What looks like a key is not repeated: it may have been pasted here. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') {
    if (/[0-9a-f]{32}/i.test(value))
      return 'a string that looks like a key (remove it from the file)';
    return `"${value.slice(0, 60)}" (a string)`;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}

/** A leaf whose every fault reads `expected …, got …`. */
function leaf<T>(expected: string, schema: z.ZodType<T>) {
  return z.custom<T>((value) => schema.safeParse(value).success, {
    error: ({ input }) => `expected ${expected}, got ${show(input)}`,
  });
}

const word = <const T extends string>(...words: readonly T[]) =>
  leaf(words.map((one) => `'${one}'`).join(' or '), z.enum(words));
const whole = (from: number, to: number) => leaf(`${from}–${to}`, z.int().min(from).max(to));
const text = leaf('some text', z.string().trim().min(1));
/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html */
const tagText = leaf(
  'text of letters, digits, spaces and + - = . _ : / @, at most 256 characters',
  z.string().regex(/^[\p{L}\p{N} +\-=._:/@]{1,256}$/u),
);

const loopback = /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?(\/|$)/;
const endpoint = leaf(
  'an https URL without a trailing slash (http only on 127.0.0.1 or localhost)',
  z.url({ protocol: /^https?$/ }).refine((url) => {
    return !url.endsWith('/') && (url.startsWith('https://') || loopback.test(url));
  }),
);
const endpoints = z
  .strictObject({ developer: endpoint, ingestion: endpoint, dashboard: endpoint })
  .partial();

const awsRegion = '[a-z]{2}(-[a-z]+)+-\\d';
const arnIn = (service: string, resource: string) =>
  new RegExp(`^arn:aws[a-z-]*:${service}:${awsRegion}:\\d{12}:${resource}$`);
const roleArn = leaf(
  'the ARN of an IAM role',
  z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/),
);
const destinationArn = leaf(
  'the ARN of a Firehose or Kinesis stream, a Lambda function or a CloudWatch Logs destination',
  z.union([
    z.string().regex(arnIn('firehose', 'deliverystream/[\\w.-]+')),
    z.string().regex(arnIn('kinesis', 'stream/[\\w.-]+')),
    z.string().regex(arnIn('lambda', 'function:[\\w-]+(:[\\w-]+)?')),
    z.string().regex(arnIn('logs', 'destination:[^:*]+')),
  ]),
);
const layerArn = leaf(
  'the ARN of a version of a Lambda layer',
  z.string().regex(arnIn('lambda', 'layer:[\\w-]+:\\d+')),
);
const logSubscriptionSchema = z.strictObject({ destinationArn, roleArn: roleArn.optional() });
const tracingSchema = z.strictObject({ layerArn, endpoint: endpoint.optional() });

const keyFields = {
  kind: word('ingestion', 'secret'),
  audience: word('server', 'browser'),
  owner: tagText,
  purpose: text,
  pairedWith: text.optional(),
  rotateEveryDays: whole(1, 1000),
  retainPreviousDays: whole(1, 365),
  retentionReason: text.optional(),
  verification: word('query', 'canary'),
  standby: word('always', 'before due'),
};
const keySchema = z.strictObject(keyFields);

export const KEY_DEFAULTS = {
  rotateEveryDays: 90,
  retainPreviousDays: 30,
  verification: 'query',
  standby: 'always',
} as const;

export const ENVIRONMENT_DEFAULTS = {
  notify: [],
  notificationFormat: 'text',
  rotationWindowHours: 4,
} as const;

/** One environment after its defaults were merged in. */
export const environmentSchema = z.strictObject({
  account: leaf('12 digits', z.string().regex(/^\d{12}$/)).optional(),
  region: leaf(
    'an AWS Region such as eu-west-1',
    z.string().regex(new RegExp(`^${awsRegion}$`)),
  ).optional(),
  amplitude: z.strictObject({
    organization: text,
    projectId: leaf("digits in quotes, such as '100001'", z.string().regex(/^\d+$/)),
    dataResidency: word('US', 'EU'),
    endpoints: z.strictObject({ US: endpoints, EU: endpoints }).partial().optional(),
  }),
  notify: z.array(leaf('an e-mail address', z.email()), {
    error: ({ input }) => `expected a list of e-mail addresses, got ${show(input)}`,
  }),
  notificationFormat: word('text', 'chat'),
  rotationWindowHours: whole(1, 24),
  breakGlassRoleArn: roleArn.optional(),
  logSubscription: logSubscriptionSchema.optional(),
  tracing: tracingSchema.optional(),
  keys: z.record(z.string(), keySchema, {
    error: ({ input }) => `expected the keys by name, got ${show(input)}`,
  }),
  keyDefaults: keySchema.partial().optional(),
});

export type ValidEnvironment = z.infer<typeof environmentSchema>;
export type ValidKey = z.infer<typeof keySchema>;

/** Fields that exist at a path's end, for a fault about one that doesn't. */
export const KNOWN_FIELDS = {
  environment: Object.keys(environmentSchema.shape),
  amplitude: Object.keys(environmentSchema.shape.amplitude.shape),
  logSubscription: Object.keys(logSubscriptionSchema.shape),
  tracing: Object.keys(tracingSchema.shape),
  key: Object.keys(keyFields),
} as const;
