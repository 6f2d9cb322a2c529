import { variable } from '../../../../lambda/contract.ts';
import { readSettings } from '../../../../lambda/settings.ts';
import { DEFAULT_ENDPOINTS } from '../../../../lib/config.ts';
import { ofValue } from '../inputs.ts';

/** A function's environment variables: all of them together 4 KB. */
export const settings = ofValue(
  [
    {
      [variable.environment]: 'dev',
      [variable.organization]: 'acme',
      [variable.projectId]: '100001',
      [variable.dataResidency]: 'US',
      [variable.endpoints]: JSON.stringify(DEFAULT_ENDPOINTS),
      [variable.topicArn]: 'arn:aws:sns:us-east-1:111122223333:topic',
      [variable.keysCmkArn]: 'arn:aws:kms:us-east-1:111122223333:key/1',
      [variable.notificationFormat]: 'text',
      [variable.addresses]: '2',
    },
  ],
  {
    name: 'settings',
    limit: 4_096,
    parse: (input) => readSettings((input ?? {}) as NodeJS.ProcessEnv),
  },
);
