import { functionName } from '../lambda/contract.ts';

/**
 * What begins an emergency, ready to be copied from the stack's outputs and from alarms. KEY and
 * WHY are to be filled in: brackets would be redirections to a shell.
 */
export const revokeCommand = (environment: string) =>
  `npx keyctl revoke --env ${environment} --key KEY --reason "WHY"`;

export const assessCommand = (environment: string) =>
  `npx keyctl assess --env ${environment} --key KEY`;

/** Without this project at hand. */
export const invokeCommand = (environment: string) =>
  [
    `aws lambda invoke --function-name ${functionName(environment, 'emergency')}`,
    '--cli-binary-format raw-in-base64-out',
    `--payload '{"action":"revoke","key":"KEY","reason":"WHY"}' /dev/stdout`,
  ].join(' ');
