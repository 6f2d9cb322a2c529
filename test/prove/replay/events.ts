import { secretName } from '../../../lambda/contract.ts';
import {
  type CloudTrailRecord,
  changeOfCmk,
  changeOfSecret,
  changeOfTrail,
  consoleLogin,
  deniedRead,
  listSecrets,
  read,
  type SignIn,
} from '../../aws/recorded/cloudtrail.ts';
import type { Who } from './account/identities.ts';
import type { Source } from './account/places.ts';
import type { Happening, Origin } from './happening.ts';
import type { Random } from './random.ts';

/** Who calls from where with what. */
export interface Doing {
  readonly at: number;
  readonly who: Who;
  readonly source: Source;
  readonly agent: string;
  readonly origin: Origin;
  /** @default false */
  readonly isBulk?: boolean;
  /** Fields of the record besides. */
  readonly more?: object;
}

export const ENVIRONMENT = 'dev';
const secretIdOf = (key: string) => secretName(ENVIRONMENT, key);

/** What a record's functions take of it. */
function callOf({ at, who, source, agent, more }: Doing, eventID: string) {
  return {
    by: who.identity,
    at: new Date(at),
    from: source.from,
    with: agent,
    more: { eventID, ...source.more, ...more },
  };
}

type Call = ReturnType<typeof callOf>;

function happening(
  doing: Doing,
  random: Random,
  recordOf: (call: Call) => CloudTrailRecord,
): Happening {
  const idOf = random.uuid();
  const { at, origin, isBulk = false } = doing;
  const { principal } = doing.who;
  return {
    at,
    idOf,
    origin,
    principal,
    isRead: false,
    isBulk,
    record: () => recordOf(callOf(doing, idOf())),
  };
}

/** @param key its name, or the whole id of a secret of others */
export const readOf = (doing: Doing, key: string, random: Random): Happening => ({
  ...happening(doing, random, (call) => read({ ...call, secretId: secretIdOf(key) })),
  isRead: true,
});

export const deniedReadOf = (doing: Doing, key: string, random: Random) =>
  happening(doing, random, (call) =>
    deniedRead({
      ...call,
      secretId: `arn:aws:secretsmanager:us-east-1:111122223333:secret:${secretIdOf(key)}-AbCdEf`,
    }),
  );

/** Of a secret that is none of the environment's: EventBridge's rules leave it out. */
export const readOfOther = (doing: Doing, secretId: string, random: Random) =>
  happening(doing, random, (call) => read({ ...call, secretId }));

export const listOf = (doing: Doing, random: Random) => happening(doing, random, listSecrets);

/** DescribeSecret, say, of any secret. */
export const lookAt = (doing: Doing, name: string, secretId: string, random: Random) =>
  happening(doing, random, ({ more, ...call }) =>
    changeOfSecret(name, { ...call, secretId, more: { readOnly: true, ...more } }),
  );

export const describeOf = (doing: Doing, key: string, random: Random) =>
  lookAt(doing, 'DescribeSecret', secretIdOf(key), random);

export const changeOf = (
  doing: Doing,
  name: string,
  key: string,
  random: Random,
  parameters: object = {},
) =>
  happening(doing, random, (call) =>
    changeOfSecret(name, { ...call, secretId: secretIdOf(key), parameters }),
  );

export const changeOfCmkOf = (doing: Doing, name: string, cmkArn: string, random: Random) =>
  happening(doing, random, (call) => changeOfCmk(name, cmkArn, call));

export const changeOfTrailOf = (doing: Doing, name: string, random: Random) =>
  happening(doing, random, (call) => changeOfTrail(name, call));

export const signInOf = (doing: Doing, login: Pick<SignIn, 'mfaUsed' | 'failed'>, random: Random) =>
  happening(doing, random, (call) => consoleLogin({ ...call, ...login }));
