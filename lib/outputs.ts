import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { IManagedPolicy, IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { readTokenCommand } from '../lambda/contract.ts';
import { assessCommand, invokeCommand, revokeCommand } from './emergency-commands.ts';
import type { Notifications } from './notifications.ts';

/** What a deploy prints, under a name that is the output's own. */
export function output(scope: Construct, id: string, value: string, description: string) {
  new CfnOutput(scope, `Output-${id}`, { value, description }).overrideLogicalId(
    id.replace(/[^A-Za-z0-9]/g, ''),
  );
}

export interface OutputsProps {
  readonly environment: string;
  readonly operators: IManagedPolicy;
  readonly responder: IRole;
  readonly breakGlass: IRole;
  readonly notifications: Notifications;
}

/** The commands and names that people need, of every day and of an emergency. */
export function outputs(scope: Construct, props: OutputsProps) {
  const { environment, operators, responder, breakGlass, notifications } = props;
  const tell = (id: string, value: string, description: string) =>
    output(scope, id, value, description);
  const command = (verb: string) => `npx keyctl ${verb} --env ${environment}`;
  tell('Stage', command('stage'), 'Hand in a key');
  tell('Rotate', command('rotate'), 'Promote the staged key now');
  tell('Status', command('status'), 'Every key and what to do next');
  tell('Revoke', revokeCommand(environment), 'A key leaked: contain and replace it');
  tell('RevokeByAws', invokeCommand(environment), 'The same without keyctl');
  tell('Assess', assessCommand(environment), 'Who read a key in the last 72 hours');
  tell('OperatorPolicy', operators.managedPolicyArn, 'Attach it to who hands in keys');
  tell('ResponderRole', responder.roleArn, 'Take it to revoke, with a source identity');
  tell('Topic', notifications.topic.topicArn, 'Notices and alarms, for a chat to subscribe to');
  tell('BreakGlassRole', breakGlass.roleArn, 'Exempt from every deny');
}

/** What an operator fills in at Dify: an address, and where the token is. */
export function relayOutputs(scope: Construct, environment: string, url: string) {
  const read = readTokenCommand(environment, Stack.of(scope).region);
  output(scope, 'RelayUrl', url, 'Endpoint of the tracing provider Phoenix in Dify');
  output(scope, 'RelayToken', read, 'Shows the token, which is its API key there');
}
