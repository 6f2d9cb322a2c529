import { App } from 'aws-cdk-lib';
import { stackName } from '../../../lambda/contract.ts';
import { type EnvironmentConfig, parseEnvironments, warningsOf } from '../../../lib/config.ts';
import { ConfigError } from '../../../lib/config-faults.ts';
import { KeysStack } from '../../../lib/keys-stack.ts';
import { withFolder } from './folder.ts';
import type { Outputs } from './outputs.ts';
import { CONFIGURATION, pastedConfigurations } from './pasted-configuration.ts';

/** Searches what becomes of keys that were pasted into the configuration: faults, or templates. */
export async function searchConfigurations(outputs: Outputs): Promise<void> {
  const key = outputs.canaries.key('pasted into the configuration');
  const nothing = { where: 'nowhere', environments: CONFIGURATION };
  await withFolder(async (folder) => {
    for (const { where, environments } of [nothing, ...pastedConfigurations(key)]) {
      searchOne(outputs, `a key pasted ${where}`, environments, folder);
    }
  });
}

function searchOne(outputs: Outputs, where: string, environments: unknown, outdir: string): void {
  try {
    for (const environment of Object.values(parseEnvironments(environments))) {
      searchTemplate(outputs, where, environment, outdir);
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    outputs.search('configuration_faults', where, error);
  }
}

/** The template of an environment; its functions' code is searched in a whole cdk.out. */
export function searchTemplate(
  outputs: Outputs,
  where: string,
  environment: EnvironmentConfig,
  outdir: string,
): void {
  const app = new App({ outdir, context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new KeysStack(app, stackName(environment.name), environment);
  const { template } = app.synth().getStackByName(stack.stackName);
  outputs.search('templates', where, JSON.stringify(template));
  outputs.search('configuration_faults', where, JSON.stringify(warningsOf(environment)));
  for (const variables of variablesIn(template)) outputs.search('variables', where, variables);
}

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: { Environment?: unknown } }>
  >;
}

/** Of every function of a template. */
export const variablesIn = ({ Resources }: Template): string[] =>
  Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => JSON.stringify(Properties?.Environment ?? {}));
