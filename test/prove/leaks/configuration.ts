import { App } from 'aws-cdk-lib';
import { stackName } from '../../../lambda/contract.ts';
import { type EnvironmentConfig, parseEnvironments, warningsOf } from '../../../lib/config.ts';
import { ConfigError } from '../../../lib/config-faults.ts';
import { KeysStack } from '../../../lib/keys-stack.ts';
import { withFolder } from './folder.ts';
import type { Outputs } from './outputs.ts';
import { CONFIGURATION, pastedConfigurations } from './pasted-configuration.ts';
import { searchTemplate, type Template } from './template.ts';

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
      searchTemplate(outputs, where, templateOf(environment, outdir));
      outputs.search('configuration_faults', where, JSON.stringify(warningsOf(environment)));
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    outputs.search('configuration_faults', where, error);
  }
}

/** Its functions' code is left out here, and searched in a whole cdk.out. */
function templateOf(environment: EnvironmentConfig, outdir: string): Template {
  const app = new App({ outdir, context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new KeysStack(app, stackName(environment.name), environment);
  return app.synth().getStackByName(stack.stackName).template;
}
