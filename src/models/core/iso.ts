/** A time (ms) as ISO 8601 in UTC. */
export const isoOf = (at: number | null) => (at === null ? null : new Date(at).toISOString())
