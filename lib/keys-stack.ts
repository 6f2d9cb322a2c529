import { CfnParameter, CfnRule, DefaultStackSynthesizer, Fn, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { probeRoleName } from '../lambda/contract.ts';
import { AccessGuard } from './access-guard.ts';
import { acknowledgeEnvironmentPrefix } from './acknowledgements.ts';
import { allowBreakGlass, breakGlassRole } from './break-glass.ts';
import type { EnvironmentConfig } from './config.ts';
import { ConfigError } from './config-faults.ts';
import type { ValidConsumer } from './config-schema.ts';
import { KeysDashboard } from './dashboard.ts';
import { Emergency } from './emergency.ts';
import { KeysCmk, OperationsCmk } from './encryption.ts';
import { Inspect } from './inspect.ts';
import { Lifecycle } from './lifecycle.ts';
import { ManagedKey } from './managed-key.ts';
import { Notifications } from './notifications.ts';
import { operatorPolicy } from './operator-policy.ts';
import { output, outputs } from './outputs.ts';
import { type Finished, MAX_KEY_POLICY, MAX_SECRET_POLICY, policyFaults } from './policy-faults.ts';
import { grantOf } from './readers.ts';
import { roleArn } from './resource-names.ts';
import { ResponderRole } from './responder-role.ts';
import { Rotation } from './rotation.ts';
import { Trail } from './trail.ts';
import { variableFaults } from './variable-faults.ts';

/** One environment: its CMKs, secrets, functions, topic and policies. Needs nothing of the others. */
export class KeysStack extends Stack {
  constructor(scope: Construct, id: string, environment: EnvironmentConfig) {
    const { name, account, region } = environment;
    super(scope, id, {
      description: `Rotates the Amplitude keys of environment ${name}`,
      env: { ...(account ? { account } : {}), ...(region ? { region } : {}) },
      terminationProtection: name === 'prod',
    });
    const keysCmk = new KeysCmk(this, 'KeysCmk', name);
    const operationsCmk = new OperationsCmk(this, 'OperationsCmk', name);
    const notifications = new Notifications(this, 'Notifications', {
      cmk: operationsCmk,
      environment: name,
      addresses: environment.notify,
    });
    const trail = new Trail(this, 'Trail', environment, operationsCmk);
    const parts = { environment, keysCmk, operationsCmk, notifications };
    const rotation = new Rotation(this, 'Rotation', parts);
    const inspect = new Inspect(this, 'Inspect', parts);
    const emergency = new Emergency(this, 'Emergency', { ...parts, trail });
    const lifecycle = new Lifecycle(this, 'Lifecycle', {
      ...parts,
      trail,
      rotation: rotation.function,
      emergency: emergency.function,
    });
    const breakGlass = breakGlassRole(this, 'BreakGlass', environment);
    allowBreakGlass(breakGlass, environment, keysCmk);
    const deployRoleArn = this.cfnExecRoleArn();
    const { accessGuard: config } = environment;
    const guard =
      config &&
      new AccessGuard(this, 'AccessGuard', {
        ...parts,
        config,
        inspect: inspect.function,
        emergency: emergency.function,
        lifecycle: lifecycle.function,
        breakGlass,
        deployRoleArn,
      });
    const { alarms } = notifications;
    const watched = guard && { usage: guard.usage, notifyAt: config.notifyAt };
    new KeysDashboard(this, 'Dashboard', { environment: name, alarms, trail, guard: watched });
    const functions = [rotation, lifecycle, inspect, emergency].map((part) => part.function);
    const functionRoles = functions.map(({ executionRole }) => executionRole.roleArn);
    const exemptRoleArns = [...functionRoles, deployRoleArn, breakGlass.roleArn];
    keysCmk.denyDecryptOfStagedKeys(name, exemptRoleArns);
    const readersOf = (consumers: readonly ValidConsumer[]) => ({
      grants: consumers.map((consumer) => grantOf(consumer, account)),
      exemptRoleArns,
      probeRoleArn: roleArn(probeRoleName(name)),
    });
    const everybody = readersOf(environment.keys.flatMap(({ consumers }) => consumers));
    keysCmk.admitReaders(name, everybody);
    const policies: Finished[] = [
      {
        path: `${name}.keys`,
        name: 'the policy of the CMK',
        document: keysCmk.document,
        readers: everybody,
        most: MAX_KEY_POLICY,
      },
    ];

    for (const key of environment.keys) {
      const { rotationWindowHours } = environment;
      const props = { environment: name, key, cmk: keysCmk, rotation, rotationWindowHours };
      const canQuarantine = config?.answer === 'quarantine';
      const readers = readersOf(key.consumers);
      const managed = new ManagedKey(this, `Key-${key.name}`, { ...props, readers, canQuarantine });
      output(this, `Secret-${key.name}`, managed.secretArn, `Secret that holds key ${key.name}`);
      policies.push({
        path: `${name}.keys.${key.name}.consumers`,
        name: 'the policy of the secret',
        document: managed.policy,
        readers,
        most: MAX_SECRET_POLICY,
      });
    }
    const operators = operatorPolicy(this, 'Operators', {
      environment: name,
      cmk: keysCmk,
      rotation: rotation.function,
      inspect: inspect.function,
      trail,
    });
    const responder = new ResponderRole(this, 'Responder', {
      environment,
      operators,
      emergency: emergency.function,
    });
    acknowledgeEnvironmentPrefix(this, name);
    outputs(this, { environment: name, operators, responder, breakGlass, notifications });
    if (name === 'prod' && !account) this.askForAccount();
    const told = guard ? [...functions, guard.function] : functions;
    const faults = [...policyFaults(this, policies), ...variableFaults(this, name, told)];
    if (faults.length > 0) throw new ConfigError(faults);
  }

  /** CloudFormation acts on the stack by the bootstrap's execution role; a deny would break deploys. */
  private cfnExecRoleArn(): string {
    const { account, region } = this;
    const qualifier =
      this.node.tryGetContext('@aws-cdk/core:bootstrapQualifier') ??
      DefaultStackSynthesizer.DEFAULT_QUALIFIER;
    return roleArn(`cdk-${qualifier}-cfn-exec-role-${account}-${region}`);
  }

  /** An unpinned production goes wherever the credentials point: whoever deploys says where that is. */
  private askForAccount() {
    const parameter = new CfnParameter(this, 'ProductionAccount', {
      description:
        'prod is not pinned to an account: repeat the account id you mean (--parameters ProductionAccount=…), or set account in lib/environments.ts',
      allowedPattern: '\\d{12}',
    });
    new CfnRule(this, 'DeployedWhereMeant', {
      assertions: [
        {
          assert: Fn.conditionEquals(parameter.valueAsString, this.account),
          assertDescription: 'ProductionAccount is not the account of these credentials',
        },
      ],
    });
  }
}
