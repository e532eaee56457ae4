/** The seed of the environment variable `CHAOS_SEED`, with which a run that failed can be asked the same questions again; or a fresh one. */
export function chaosSeed(): number {
  const given = process.env['CHAOS_SEED'];
  return given === undefined ? Math.floor(Math.random() * 0xffff_ffff) : Number(given) >>> 0;
}
