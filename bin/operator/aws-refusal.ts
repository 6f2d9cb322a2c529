import { awsFailure } from '../../lambda/adapters/aws-error.ts';
import { stackName } from '../../lambda/contract.ts';
import { Refusal } from '../keyctl/refusal.ts';

/** Whose call it was, as far as it is known when it fails. */
export interface Caller {
  readonly environment: string;
  readonly account?: string;
  readonly region?: string;
  /** ARN */
  readonly caller?: string;
}

/** Node's codes of a connection that didn't come about, TLS included. */
const NETWORK_CODE = /^(?:E[A-Z_]{3,}|SELF_SIGNED_CERT|UNABLE_TO|CERT_|DEPTH_ZERO)/;

/** A failed AWS call as a refusal. AWS's own message is never passed on. */
export function awsRefusal(call: string, of: string, caller: Caller, error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const network = networkReason(error);
  if (network) {
    const message = `${call}: AWS could not be reached (${network}). Check the network and the proxy, and AWS_ENDPOINT_URL if it is set.`;
    return new Refusal('NETWORK_UNREACHABLE', message, { cause: error });
  }
  const { code, message, fields } = awsFailure(call, of, error);
  const told = code === 'ACCESS_DENIED' ? accessDenied(call, of, caller) : message;
  return new Refusal(code, told, { details: { ...fields }, cause: error });
}

function networkReason(error: unknown): string | undefined {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (typeof code === 'string' && NETWORK_CODE.test(code)) return code;
  return name === 'TimeoutError' || name === 'NetworkingError' ? name : undefined;
}

const accessDenied = (call: string, of: string, { environment, caller }: Caller) =>
  `${call} of ${of} is denied to ${caller ?? 'these credentials'}. Attach the policy AmplitudeKeys-${environment}-operator to that role, or sign in with one that has it.`;

export function notDeployed({ environment, account, region }: Caller): Refusal {
  return new Refusal(
    'NOT_DEPLOYED',
    `Environment ${environment} is not deployed in account ${account}, Region ${region}: npx cdk deploy ${stackName(environment)} (if it should be, check account and Region).`,
  );
}

export function keyNotDeployed({ environment, account, region }: Caller, key: string): Refusal {
  return new Refusal(
    'NOT_DEPLOYED',
    `Key ${key} of ${environment} has no secret in account ${account}, Region ${region}: npx cdk deploy ${stackName(environment)}`,
  );
}
