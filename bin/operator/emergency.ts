import { stackName } from '../../lambda/contract.ts';
import type {
  EmergencyReport,
  EmergencyRequest,
  ReleaseReport,
  ReleaseRequest,
} from '../../lambda/payloads.ts';
import { Refusal } from '../keyctl/refusal.ts';
import { type Invoked, invoke } from './invoke.ts';
import type { Session } from './session.ts';

/**
 * What acts in an emergency is done by one function, which goes on where it was when it is asked
 * again.
 * @throws Refusal with the function's own code, FUNCTION_FAILED, NOT_DEPLOYED, ACCESS_DENIED …
 */
export function act(session: Session, request: EmergencyRequest): Promise<EmergencyReport> {
  const afterFailure = `It may have acted. Run the same command again: it goes on, and does nothing twice. See where things stand: npx keyctl status --env ${session.environment}.`;
  return invoke<EmergencyReport>(session, acting(session, 'emergency', afterFailure), request);
}

/**
 * Ends a quarantine before its time: what the same function does.
 * @throws Refusal QUARANTINE_NOT_FOUND, FUNCTION_FAILED, NOT_DEPLOYED, ACCESS_DENIED …
 */
export function release(session: Session, request: ReleaseRequest): Promise<ReleaseReport> {
  const afterFailure = `It may have acted. Run the same command again: it goes on, and does nothing twice. See who is quarantined: npx keyctl quarantine list --env ${session.environment}.`;
  return invoke<ReleaseReport>(session, acting(session, 'release', afterFailure), request);
}

const acting = (session: Session, form: Invoked['form'], afterFailure: string): Invoked => ({
  noun: 'emergency',
  form,
  afterFailure,
  refusal: (failed, functionName) =>
    failed.code === 'ACCESS_DENIED'
      ? denied(session, functionName)
      : unanswered(failed, afterFailure),
});

/** The call may have got through although no answer came back. */
function unanswered(failed: Refusal, afterFailure: string): Refusal {
  if (failed.code !== 'NETWORK_UNREACHABLE') return failed;
  return new Refusal(failed.code, `${failed.message} ${afterFailure}`, { cause: failed });
}

/** The stack's own role may invoke it, and its sessions name who is behind them. */
function denied({ environment, account, caller }: Session, functionName: string): Refusal {
  const partition = caller.split(':')[1] || 'aws';
  const role = `${stackName(environment)}-responder`;
  const arn = `arn:${partition}:iam::${account}:role/${role}`;
  return new Refusal(
    'ACCESS_DENIED',
    `Invoke of function ${functionName} is denied to ${caller}. Whoever acts in an emergency does so as role ${role}: aws sts assume-role --role-arn ${arn} --role-session-name <your-name> --source-identity <your-name>\nExport the credentials it answers, and run the same command again.`,
  );
}
