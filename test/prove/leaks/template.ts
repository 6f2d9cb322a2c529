import type { Outputs } from './outputs.ts';

export interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: { Environment?: unknown } }>
  >;
}

/** A synthesized template, and apart from it what each function finds in its environment. */
export function searchTemplate(outputs: Outputs, where: string, template: Template): void {
  outputs.search('templates', where, JSON.stringify(template));
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    outputs.search('variables', where, JSON.stringify(Properties?.Environment ?? {}));
  }
}
