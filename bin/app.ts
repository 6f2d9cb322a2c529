import { Annotations, App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { stackName } from '../lambda/contract.ts';
import { loadEnvironments, warningsOf } from '../lib/config.ts';
import { ConfigError } from '../lib/config-faults.ts';
import { KeysStack } from '../lib/keys-stack.ts';

const app = new App();
const file: string | undefined = app.node.tryGetContext('environments');

async function synthesize() {
  const environments = await loadEnvironments(file, { now: new Date() });
  for (const environment of Object.values(environments)) {
    const stack = new KeysStack(app, stackName(environment.name), environment);
    for (const warning of warningsOf(environment)) {
      Annotations.of(stack).addWarningV2('amplitude-keys:environments', warning);
    }
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

try {
  await synthesize();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`\n${new ConfigError(error.faults, file).message}\n\n`);
  process.exitCode = 1;
}
