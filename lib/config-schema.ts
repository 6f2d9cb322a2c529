import * as z from 'zod';
import {
  accountId,
  cidrBlock,
  consumerArn,
  destinationArn,
  ecsName,
  endpoint,
  instant,
  layerArn,
  leaf,
  logGroupName,
  organizationId,
  regionName,
  roleArn,
  roleName,
  show,
  tagText,
  text,
  userTagKey,
  vpcEndpointId,
  whole,
  word,
} from './config-leaves.ts';

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const endpoints = z
  .strictObject({ developer: endpoint, ingestion: endpoint, dashboard: endpoint })
  .partial();

const logSubscriptionSchema = z.strictObject({ destinationArn, roleArn: roleArn.optional() });
const responderSchema = z.strictObject({ requireMfa: leaf('true or false', z.boolean()) });
const tracingSchema = z.strictObject({ layerArn, endpoint: endpoint.optional() });

const MAX_RANGES = 50;
const ranges = z
  .array(cidrBlock, { error: ({ input }) => `expected a list of CIDR blocks, got ${show(input)}` })
  .max(MAX_RANGES, {
    error: ({ input }) => `expected at most ${MAX_RANGES} CIDR blocks, got ${input?.length}`,
  });
const percent = whole(0, 100);
const riskWeightsSchema = z.strictObject({
  device: percent,
  location: percent,
  behaviour: percent,
});
const accessGuardSchema = z.strictObject({
  allowedRanges: ranges,
  deniedRanges: ranges,
  mostReads: whole(1, 10_000),
  withinMinutes: whole(1, 60),
  requireMfa: leaf('true or false', z.boolean()),
  ownRanges: ranges,
  learningDays: whole(1, 30),
  weights: riskWeightsSchema,
  notifyAt: whole(1, 100),
  quarantineAt: whole(1, 100),
  revokeAt: whole(1, 100).optional(),
  answer: word('observe', 'quarantine'),
  quarantineHours: whole(1, 168),
  mostQuarantinesAnHour: whole(1, 20),
  geoDatabase: text.optional(),
});

/** A secret has 50 tags; the rest is for settings, notes and the tags of whoever owns the account. */
const MAX_CONSUMERS = 15;
const principalTagSchema = z.strictObject({ key: userTagKey, value: tagText });
const ecsServiceSchema = z.strictObject({ cluster: ecsName, service: ecsName });
const consumerSchema = z.strictObject({
  role: consumerArn.optional(),
  account: accountId.optional(),
  roleName: roleName.optional(),
  principalTag: principalTagSchema.optional(),
  purpose: text,
  expires: instant.optional(),
  from: instant.optional(),
  expiresIn: whole(1, 315_360_000).optional(),
  vpcEndpoint: vpcEndpointId.optional(),
  organization: organizationId.optional(),
  ecsService: ecsServiceSchema.optional(),
});
const consumers = z
  .array(consumerSchema, {
    error: ({ input }) => `expected a list of consumers, got ${show(input)}`,
  })
  .max(MAX_CONSUMERS, {
    error: ({ input }) => `expected at most ${MAX_CONSUMERS} consumers, got ${input?.length}`,
  });

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
  sensitivity: word('normal', 'sensitive'),
  consumers,
};
const keySchema = z.strictObject(keyFields);

/** One environment after its defaults were merged in. */
export const environmentSchema = z.strictObject({
  account: accountId.optional(),
  region: regionName.optional(),
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
  responder: responderSchema,
  cloudTrailLogGroup: logGroupName.optional(),
  reclaimAfterDays: whole(1, 90),
  logSubscription: logSubscriptionSchema.optional(),
  tracing: tracingSchema.optional(),
  accessGuard: accessGuardSchema.optional(),
  keys: z.record(z.string(), keySchema, {
    error: ({ input }) => `expected the keys by name, got ${show(input)}`,
  }),
  keyDefaults: keySchema.partial().optional(),
});

export type ValidEnvironment = z.infer<typeof environmentSchema>;
export type ValidKey = z.infer<typeof keySchema>;
export type ValidConsumer = z.infer<typeof consumerSchema>;

/** Fields that exist at a path's end, for a fault about one that doesn't. */
export const KNOWN_FIELDS = {
  environment: Object.keys(environmentSchema.shape),
  amplitude: Object.keys(environmentSchema.shape.amplitude.shape),
  responder: Object.keys(responderSchema.shape),
  logSubscription: Object.keys(logSubscriptionSchema.shape),
  tracing: Object.keys(tracingSchema.shape),
  accessGuard: Object.keys(accessGuardSchema.shape),
  riskWeights: Object.keys(riskWeightsSchema.shape),
  key: Object.keys(keyFields),
  consumer: Object.keys(consumerSchema.shape),
  principalTag: Object.keys(principalTagSchema.shape),
  ecsService: Object.keys(ecsServiceSchema.shape),
} as const;
