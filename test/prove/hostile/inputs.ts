import * as fc from 'fast-check';
import { jsonFamilies, textFamilies } from './families.ts';
import { edited } from './json-edits.ts';
import type { Parser } from './parser.ts';
import { alien, worn } from './text-edits.ts';

type Rest<Input> = Omit<Parser<Input>, 'inputs' | 'families'>;

/** Of a text that has a form of its own. */
export function ofText(valid: readonly string[], rest: Rest<string>): Parser<string> {
  const text = fc.constantFrom(...valid);
  const inputs = fc.oneof({ weight: 4, arbitrary: worn(text) }, { weight: 1, arbitrary: alien });
  return {
    ...rest,
    inputs: inputs.map((one) => one.slice(0, rest.limit)),
    families: textFamilies(valid),
  };
}

const jsonOf = (valid: readonly unknown[]) => {
  const document = fc.constantFrom(...valid).chain(edited);
  return fc.oneof(
    { weight: 6, arbitrary: document },
    { weight: 3, arbitrary: worn(document) },
    { weight: 1, arbitrary: alien },
  );
};

/** Of a text that is JSON, or should be. */
export function ofJson(valid: readonly unknown[], rest: Rest<string>): Parser<string> {
  return { ...rest, inputs: jsonOf(valid), families: jsonFamilies(valid) };
}

/** Of a value that was read from JSON by whoever calls; what isn't JSON stays the text it is. */
export function ofValue(valid: readonly unknown[], rest: Rest<unknown>): Parser<unknown> {
  return {
    ...rest,
    inputs: jsonOf(valid).map(parsed),
    families: jsonFamilies(valid).map(({ name, of }) => ({
      name,
      of: (size) => parsed(of(size)),
    })),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
