import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { stackName } from '../lambda/contract.ts';
import { loadEnvironments } from '../lib/config.ts';
import { KeysStack } from '../lib/keys-stack.ts';

const app = new App();
const environments = await loadEnvironments(app.node.tryGetContext('environments'));
for (const environment of Object.values(environments)) {
  new KeysStack(app, stackName(environment.name), environment);
}
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
