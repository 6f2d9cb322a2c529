import * as z from 'zod';
import { looksLikeKey } from './config-keys.ts';
import { isRange } from './config-ranges.ts';

/** A value as a fault shows it. What looks like a key is not repeated: it may have been pasted here. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') {
    if (looksLikeKey(value)) return 'a string that looks like a key (remove it from the file)';
    return `"${value.slice(0, 60)}" (a string)`;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}

/** A leaf whose every fault reads `expected …, got …`. */
export function leaf<T>(expected: string, schema: z.ZodType<T>) {
  return z.custom<T>((value) => schema.safeParse(value).success, {
    error: ({ input }) => `expected ${expected}, got ${show(input)}`,
  });
}

export const word = <const T extends string>(...words: readonly T[]) =>
  leaf(words.map((one) => `'${one}'`).join(' or '), z.enum(words));
export const whole = (from: number, to: number) => leaf(`${from}–${to}`, z.int().min(from).max(to));
export const text = leaf('some text', z.string().trim().min(1));
/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html */
export const tagText = leaf(
  'text of letters, digits, spaces and + - = . _ : / @, at most 256 characters',
  z.string().regex(/^[\p{L}\p{N} +\-=._:/@]{1,256}$/u),
);

const loopback = /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?(\/|$)/;
export const endpoint = leaf(
  'an https URL without a trailing slash (http only on 127.0.0.1 or localhost)',
  z.url({ protocol: /^https?$/ }).refine((url) => {
    return !url.endsWith('/') && (url.startsWith('https://') || loopback.test(url));
  }),
);

const awsRegion = '[a-z]{2,4}(-[a-z]+)+-\\d';
export const regionName = leaf(
  'an AWS Region such as eu-west-1',
  z.string().regex(new RegExp(`^${awsRegion}$`)),
);
const arnIn = (service: string, resource: string) =>
  new RegExp(`^arn:aws[a-z-]*:${service}:${awsRegion}:\\d{12}:${resource}$`);
export const roleArn = leaf(
  'the ARN of an IAM role',
  z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/),
);
/** Kept as a tag, which takes no comma although the name of a role may have one. */
export const consumerArn = leaf(
  'the ARN of an IAM role or user, without a comma and of at most 256 characters',
  z
    .string()
    .max(256)
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/([\w+=.@-]+\/)*[\w+=.@-]{1,64}$/),
);
export const destinationArn = leaf(
  'the ARN of a Firehose or Kinesis stream, a Lambda function or a CloudWatch Logs destination',
  z.union([
    z.string().regex(arnIn('firehose', 'deliverystream/[\\w.-]+')),
    z.string().regex(arnIn('kinesis', 'stream/[\\w.-]+')),
    z.string().regex(arnIn('lambda', 'function:[\\w-]+(:[\\w-]+)?')),
    z.string().regex(arnIn('logs', 'destination:[^:*]+')),
  ]),
);
export const layerArn = leaf(
  'the ARN of a version of a Lambda layer',
  z.string().regex(arnIn('lambda', 'layer:[\\w-]+:\\d+')),
);
/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
export const logGroupName = leaf(
  'the name of a CloudWatch Logs group, not its ARN',
  z.string().regex(/^[\w./#-]{1,512}$/),
);

export const accountId = leaf('12 digits', z.string().regex(/^\d{12}$/));
export const roleName = leaf(
  'the name of an IAM role, with its path if it has one, without a comma',
  z
    .string()
    .regex(/^([\w+=.@-]+\/)*[\w+=.@-]{1,64}$/)
    .max(200),
);
export const userTagKey = leaf(
  'the key of a tag, at most 128 characters',
  z.string().regex(/^[\w +\-=.:@]{1,128}$/),
);
/** An instant, or the beginning of a day in UTC. */
export const instant = leaf(
  "a date such as '2027-01-31', or a time such as '2027-01-31T12:00:00Z'",
  z.union([z.iso.date(), z.iso.datetime()]),
);
export const vpcEndpointId = leaf(
  'the id of a VPC endpoint, vpce-…',
  z.string().regex(/^vpce-[0-9a-f]{8,17}$/),
);
export const organizationId = leaf(
  'the id of an organization in AWS Organizations, o-…',
  z.string().regex(/^o-[a-z0-9]{10,32}$/),
);
export const cidrBlock = leaf(
  'the CIDR block of a network, such as 203.0.113.0/24 or 2001:db8::/32',
  z.string().refine(isRange),
);
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
export const ecsName = leaf(
  'a name of letters, digits, underscores and hyphens, not an ARN',
  z.string().regex(/^[\w-]{1,120}$/),
);

/**
 * Those that begin so are Amplitude's own, and what some of these names mean is an order to it.
 * https://amplitude.com/docs/apis/analytics/http-v2 (keys for the event argument)
 */
const RESERVED = /^(\[amplitude\]|\$)|^(revenue_amount|session_start|session_end)$/i;
const PRINTABLE = /^[^\s\p{Cc}]([^\p{Cc}]{0,98}[^\s\p{Cc}])?$/u;
const isFree = (name: string) => PRINTABLE.test(name) && !RESERVED.test(name);
export const amplitudeName = leaf(
  "a name of at most 100 characters that Amplitude doesn't reserve, as it does [Amplitude]…, $…, revenue_amount, session_start and session_end",
  z.string().refine(isFree),
);
export const propertyName = leaf(
  "a name of at most 100 characters that Amplitude doesn't reserve, or '' to leave the property out",
  z.string().refine((name) => name === '' || isFree(name)),
);
