import * as z from 'zod/mini';
import { variable } from './contract.ts';
import { KeysError } from './domain/errors.ts';
import { json } from './domain/json.ts';

/** One kind of check: each kind of zod's costs a function some of its start. */
const like = (form: RegExp) => z.string().check(z.regex(form));
const url = like(/^https?:\/\/./);
const arn = like(/^arn:/);
const endpoints = z.object({ developer: url, ingestion: url, dashboard: url });

const schema = z.object({
  environment: like(/./),
  organization: z.string(),
  projectId: z.string(),
  dataResidency: z.enum(['US', 'EU']),
  endpoints: z.object({ US: endpoints, EU: endpoints }),
  topicArn: arn,
  keysCmkArn: arn,
  notificationFormat: z.enum(['text', 'chat']),
  probeRoleArn: z.string(),
  addresses: like(/^\d+$/),
  cloudTrailLogGroup: z.string(),
  reclaimAfterDays: like(/^([1-9]|[1-8]\d|90)$/),
});

/** What the stack told a function through its environment variables. */
export type Settings = Omit<z.infer<typeof schema>, 'addresses' | 'reclaimAfterDays'> & {
  readonly addresses: number;
  readonly reclaimAfterDays: number;
};

/** @throws KeysError SETTING_INVALID naming every variable that is missing or wrong */
export function readSettings(variables: NodeJS.ProcessEnv): Settings {
  const raw = {
    environment: variables[variable.environment],
    organization: variables[variable.organization],
    projectId: variables[variable.projectId],
    dataResidency: variables[variable.dataResidency],
    endpoints: json(variables[variable.endpoints]),
    topicArn: variables[variable.topicArn],
    keysCmkArn: variables[variable.keysCmkArn],
    notificationFormat: variables[variable.notificationFormat],
    probeRoleArn: variables[variable.probeRoleArn] ?? '',
    addresses: variables[variable.addresses],
    cloudTrailLogGroup: variables[variable.cloudTrailLogGroup] ?? '',
    reclaimAfterDays: variables[variable.reclaimAfterDays] ?? '30',
  };
  const result = schema.safeParse(raw);
  if (result.success) {
    const { addresses, reclaimAfterDays, ...rest } = result.data;
    return { ...rest, addresses: Number(addresses), reclaimAfterDays: Number(reclaimAfterDays) };
  }
  const wrong = new Set(result.error.issues.map(({ path }) => path[0] as keyof typeof raw));
  const names = [...wrong].map((field) => variable[field]).join(', ');
  throw new KeysError(
    'SETTING_INVALID',
    `Environment variables missing or invalid: ${names}. Set them as the stack's template has them, with aws lambda update-function-configuration: a deploy without changes puts nothing back.`,
  );
}
