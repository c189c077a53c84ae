/** What `runs` multiplies by: a quarter in `npm test`, more where a lane or a person asks for it with PROPERTY_RUNS. */
const SHARE = Number(process.env['PROPERTY_RUNS'] ?? 0.25);

/**
 * How often a property is tried: a quarter of `usual` in `npm test`, four times `usual` in the fuzz lane. The lane finds the
 * tests that use this by themselves, through the import.
 */
export function runs(usual: number): number {
  return Math.max(1, Math.round(usual * SHARE));
}
