// Imported before anything of the functions: their lines then go through the global console, which a
// world takes while it is open. As in vitest.config.ts.
process.env.POWERTOOLS_DEV = 'true';
process.env.POWERTOOLS_METRICS_DISABLED = 'false';
