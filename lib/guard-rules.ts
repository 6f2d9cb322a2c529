import type { GuardConfig } from './config.ts';

/** The rules as functions are told them: without what only the stack needs. */
export const rulesTold = ({ geoDatabase: _, ...rules }: GuardConfig): string =>
  JSON.stringify(rules);
