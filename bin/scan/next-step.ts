import type { KnownKey } from './known-keys.ts';

/** What to do about a key that was found, by where in its life it is. The command comes last. */
export function nextStep({ environment, key, audience, state, versionId }: KnownKey): string {
  const its = `--env ${environment} --key ${key}`;
  const revoke = (version: string) => `npx keyctl revoke ${its}${version} --reason "hard-coded"`;
  switch (state) {
    case 'current':
      return audience === 'browser'
        ? "A browser's key is public by design, so this is no leak. But hard-coded, it has to be replaced by hand at each rotation."
        : `Read it from Secrets Manager instead. ${LEAKED} now: ${revoke('')}`;
    case 'pending':
      return `A rotation is promoting it. ${LEAKED} once it is current: ${revoke('')}`;
    case 'staged':
      return `It isn't in use yet. ${LEAKED}, and stage another one: ${revoke(' --version staged')}`;
    case 'retained':
    case 'previous':
    case 'foreign':
      return `It was replaced, but Amplitude may still accept it, so take it out. ${LEAKED}: ${revoke(versionId ? ` --version ${versionId}` : '')}`;
    case 'awaiting-revocation':
    case 'compromised':
      return `It is out of its readers' reach, so only take it out. Whether somebody has pressed Revoke at Amplitude: npx keyctl verify ${its}`;
    case 'held before':
      return 'The vault holds it no more: Amplitude rejected it, or somebody took its labels off. Only take it out.';
  }
}

const LEAKED = 'If anybody but you can read this tree, it leaked, so revoke it';
