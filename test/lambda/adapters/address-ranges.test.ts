import { describe, expect, it } from 'vitest';
import { addressRanges, isRange } from '../../../lambda/adapters/address-ranges.ts';

const { isWithin } = addressRanges;

describe('an IPv4 network that is written as IPv6', () => {
  it.each(['::ffff:1.2.3.0/120', '::ffff:102:300/120', '::ffff:1.2.3.4/128', '::ffff:0:0/96'])(
    'is the IPv4 network: %s',
    (block) => {
      expect(isRange(block)).toBe(true);
      for (const address of ['1.2.3.4', '::ffff:1.2.3.4', '::ffff:102:304']) {
        expect(isWithin(address, [block])).toBe(true);
      }
    },
  );

  it('has no other addresses in it, of IPv4 or of IPv6', () => {
    for (const address of ['1.2.4.4', '::ffff:1.2.4.4', '::102:304', '2001:db8::1']) {
      expect(isWithin(address, ['::ffff:1.2.3.0/120'])).toBe(false);
    }
  });

  it.each(['::ffff:0:0/95', '::ffff:1.2.3.0/24', '::ffff:1.2.3.0/129'])(
    'is no range where it is more than that: %s',
    (block) => {
      expect(isRange(block)).toBe(false);
    },
  );
});
