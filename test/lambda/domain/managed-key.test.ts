import { describe, expect, it } from 'vitest';
import { tag } from '../../../lambda/contract.ts';
import { managedKey } from '../../../lambda/domain/managed-key.ts';
import { tagsOf } from '../world.ts';
import { seen } from './lifecycle/seen.ts';

const roles = ['a', 'b'].map((name) => `arn:aws:iam::111122223333:role/${name}`);
const read = (over: Readonly<Record<string, string>>) => {
  const { secret } = seen({ versions: {}, tags: tagsOf('web', over) }).facts;
  return managedKey(secret, 'dev');
};

describe('the tags of a key', () => {
  it('name its known consumers, with gaps or not', () => {
    const [one = '', other = ''] = roles;
    const named = [{ principal: one }, { principal: other }];
    expect(read({ [tag.consumer(1)]: one, [tag.consumer(3)]: other }).consumers).toEqual(named);
    expect(read({}).consumers).toEqual([]);
  });

  it('say how sensitive it is; without it, it is normal', () => {
    expect(read({ [tag.sensitivity]: 'sensitive' }).sensitivity).toBe('sensitive');
    expect(read({}).sensitivity).toBe('normal');
    expect(() => read({ [tag.sensitivity]: 'secret' })).toThrow(
      expect.objectContaining({ code: 'TAG_INVALID' }),
    );
  });
});
