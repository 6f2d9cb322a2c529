interface Schema<Data> {
  safeParse(value: unknown): { readonly data?: Data | undefined };
}

/** A value as a schema describes it, if it is one. A long list of what fits nowhere is too much for zod, which then throws. */
export function dataIn<Data>(schema: Schema<Data>, value: unknown): Data | undefined {
  try {
    return schema.safeParse(value).data;
  } catch {
    return undefined;
  }
}
