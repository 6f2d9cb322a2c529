import { KeysError } from '../../errors.ts';
import { isOneOf, type SecretValue } from '../../secret-value.ts';
import type { IntakePorts, RelayTokens } from './ports.ts';
import { type HttpRequest, tokensIn } from './request.ts';

type AdmitPorts = Pick<IntakePorts, 'deniedBlocks' | 'ranges' | 'tokens'>;

/** @throws KeysError ADDRESS_DENIED, RELAY_TOKEN_REFUSED, or why it can't be told */
export async function admit(ports: AdmitPorts, request: HttpRequest): Promise<void> {
  const { deniedBlocks, ranges, tokens } = ports;
  if (ranges.isWithin(request.address, await deniedBlocks.now())) {
    throw new KeysError(
      'ADDRESS_DENIED',
      'Nothing is taken from this address. Ask whoever runs the relay: its configuration or a quarantine denies the address.',
    );
  }
  if (await isLetIn(tokensIn(request), tokens)) return;
  throw new KeysError(
    'RELAY_TOKEN_REFUSED',
    "The request presents no token of the relay's, or one that was replaced twice. Send the current one, as Authorization: Bearer <token>.",
  );
}

async function isLetIn(presented: readonly string[], tokens: RelayTokens): Promise<boolean> {
  if (presented.length === 0) return false;
  const isKnown = (accepted: readonly SecretValue[]) =>
    presented.map((token) => isOneOf(token, accepted)).includes(true);
  return isKnown(await tokens.accepted()) || isKnown(await tokens.renewed());
}
