/**
 * What the access guard has to find, written down before any rule that finds it. A replayed day
 * plants each of them several times among the reads of a working environment.
 */
export interface AttackKind {
  readonly name: AttackName;
  /** What happens, as an incident report would tell it. */
  readonly story: string;
  /** The least that the guard has to do at one of its events. */
  readonly atLeast: 'notified' | 'quarantined';
}

export type AttackName =
  | 'stolen session'
  | 'stranger'
  | 'look around'
  | 'blinded trail'
  | 'opened policy'
  | 'sign-in without MFA'
  | 'far country'
  | 'scraper inside'
  | 'hoarding insider'
  | 'patient poisoner';

export const ATTACK_KINDS: readonly AttackKind[] = [
  {
    name: 'stolen session',
    story:
      "Temporary credentials of a consumer's task leave it (SSRF, a log, a compromised image) and read the key from a rented server elsewhere.",
    atLeast: 'quarantined',
  },
  {
    name: 'stranger',
    story: 'A role that no grant names reads the key, since some policy lets it.',
    atLeast: 'quarantined',
  },
  {
    name: 'look around',
    story:
      'Credentials with wide permissions list the secrets, describe one and read it, from an address that their principal never had.',
    atLeast: 'quarantined',
  },
  {
    name: 'blinded trail',
    story: 'Somebody stops the trail or narrows what it records, and reads the key.',
    atLeast: 'quarantined',
  },
  {
    name: 'opened policy',
    story: 'Somebody puts another resource policy on the secret, or on the CMK, and reads the key.',
    atLeast: 'quarantined',
  },
  {
    name: 'sign-in without MFA',
    story:
      'A guessed password: a sign-in to the console without MFA, then a read of the key by that user.',
    atLeast: 'quarantined',
  },
  {
    name: 'far country',
    story:
      "A person's access key, found in a repository, reads the key from a country that this user never was in.",
    atLeast: 'quarantined',
  },
  {
    name: 'scraper inside',
    story:
      "A process on a consumer's own host reads the key over and over: right role, right place, never so often before.",
    atLeast: 'notified',
  },
  {
    name: 'hoarding insider',
    story:
      'A person with MFA, in the office, within working hours, reads every key there is in a few minutes, where one or two were usual.',
    atLeast: 'notified',
  },
  {
    name: 'patient poisoner',
    story:
      "Stolen credentials of a consumer read once or twice a day for two weeks, with its own SDK's user agent, from one address, so that the address be learned as usual; then they are used in earnest.",
    atLeast: 'quarantined',
  },
];
