/** A text of Logs Insights, or an expression, with all that may stand within. */
const QUOTED = /"[^"\\\r\n]*"|\/(?:[^/\\\r\n]|\\.)*\//g;
const EXPRESSION = /=\s*\?|like\s+\?|in \[\?\]/g;

/** What is left of queries without the texts in them: no input may change it. */
export const skeletonOf = (queries: Readonly<Record<string, string>>) =>
  Object.values(queries)
    .map((query) => query.replace(QUOTED, '?').replace(EXPRESSION, '?'))
    .join('\n');
