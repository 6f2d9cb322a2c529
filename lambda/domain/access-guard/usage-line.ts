import type { AnswerWord } from './answer/answer.ts';
import { isDenied, type Mfa, type RecordedCall } from './call.ts';
import type { Judged, VerdictWord } from './judge.ts';
import { versionRead } from './known.ts';
import { type Risk, reasonsOf } from './risk/risk.ts';
import type { RuleCode } from './rules.ts';
import type { Subject } from './subject.ts';

export type EventType =
  | 'API_KEY_USED'
  | 'API_KEY_LOOKED_AT'
  | 'API_KEY_CHANGED'
  | 'ACCOUNT_EVENT'
  | 'CONSOLE_SIGN_IN';

/** A line of the usage record, as JSON. The same event may be told twice: count distinct event ids. */
export interface UsageLine {
  readonly event_type: EventType;
  /** Absent of what names no key. */
  readonly api_key_name?: string;
  readonly project_id: string;
  /** Of the event. ISO 8601, UTC. */
  readonly timestamp: string;
  /** Of the caller, or the name of the service of AWS that called for it. */
  readonly ip_address?: string;
  /** In place of the address. */
  readonly vpc_endpoint?: string;
  /** Of the key that was read; absent where it isn't known. */
  readonly fingerprint?: string;
  readonly principal: string;
  readonly session?: string;
  readonly user_agent?: string;
  readonly mfa: Mfa;
  readonly outcome: 'read' | 'done' | 'denied' | 'failed';
  /** AWS's name of the call. */
  readonly call: string;
  /**
   * Id and label of the version, as the caller named it. An id of 64 hex digits is told only of a
   * version that there is: it may be two keys.
   */
  readonly version?: string;
  readonly label?: string;
  readonly verdict: VerdictWord;
  readonly reasons: readonly RuleCode[];
  /** 0–100, of what was weighed, and of each factor that isn't neutral. */
  readonly risk?: number;
  readonly risk_device?: number;
  readonly risk_location?: number;
  readonly risk_behaviour?: number;
  /** What makes it more than nothing, in words. */
  readonly risk_reasons?: readonly string[];
  /** What was done about it. */
  readonly answer?: AnswerWord;
  readonly trace_id: string;
  readonly event_id: string;
  readonly environment: string;
}

const TYPES: Readonly<Record<Subject['of'], EventType>> = {
  read: 'API_KEY_USED',
  look: 'API_KEY_LOOKED_AT',
  secret: 'API_KEY_CHANGED',
  cmk: 'API_KEY_CHANGED',
  list: 'ACCOUNT_EVENT',
  trail: 'ACCOUNT_EVENT',
  'sign-in': 'CONSOLE_SIGN_IN',
};

export interface Writing {
  readonly environment: string;
  readonly projectId: string;
  readonly traceId: string;
}

export function usageLine(judged: Judged, { environment, projectId, traceId }: Writing): UsageLine {
  const { call, subject, key, report } = judged.case;
  const { vpcEndpoint, through, address } = call;
  const isRead = subject.of === 'read' && !call.error;
  const fingerprint = isRead && report ? versionRead(report, call)?.fingerprint : undefined;
  const line = {
    event_type: TYPES[subject.of],
    api_key_name: safe(key),
    project_id: projectId,
    timestamp: call.at.toISOString(),
    ...(vpcEndpoint
      ? { vpc_endpoint: safe(vpcEndpoint) }
      : { ip_address: safe(address ?? through) }),
    fingerprint,
    principal: principalTold(call),
    session: safe(call.session),
    user_agent: safe(call.userAgent),
    mfa: call.mfa,
    outcome: outcomeOf(judged),
    call: call.name,
    version: report?.versions.some(({ versionId }) => versionId === call.versionId)
      ? call.versionId
      : safe(call.versionId),
    label: safe(call.label),
    verdict: judged.verdict,
    reasons: judged.findings.map(({ rule }) => rule.code),
    ...riskFields(judged.risk),
    answer: judged.answer?.word,
    trace_id: traceId,
    event_id: call.id,
    environment,
  };
  return given(line) as unknown as UsageLine;
}

function riskFields(risk: Risk | undefined) {
  if (!risk) return {};
  const reasons = reasonsOf(risk).map((reason) => safe(reason));
  return {
    risk: risk.score,
    risk_device: risk.device.score,
    risk_location: risk.location.score,
    risk_behaviour: risk.behaviour.score,
    risk_reasons: reasons.length > 0 ? reasons : undefined,
  };
}

function outcomeOf({ case: { call, subject } }: Judged): UsageLine['outcome'] {
  if (isDenied(call)) return 'denied';
  if (call.error || call.signInFailed) return 'failed';
  return subject.of === 'read' ? 'read' : 'done';
}

/** Looks of this stack are many and tell nobody anything. */
export const isWritten = ({ verdict, case: { subject } }: Judged) =>
  verdict !== 'own' || subject.of !== 'look';

const given = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Characters; an ARN has a path of up to 512. */
const MOST = { text: 256, principal: 1_024 } as const;

/** A caller chooses much of an event. @returns without a key, control characters and great length */
export const safe = <Text extends string | undefined>(text: Text, most: number = MOST.text) =>
  (text === undefined
    ? undefined
    : clipped(text.replace(/[0-9a-f]{32,}/gi, '[redacted]'), most)) as Text;

export const principalTold = ({ principal }: Pick<RecordedCall, 'principal'>) =>
  safe(principal, MOST.principal);

const clipped = (text: string, most: number) => {
  const printable = text.replace(/\p{C}/gu, '?');
  return printable.length > most ? `${printable.slice(0, most)}…` : printable;
};
