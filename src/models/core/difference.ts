type Facts = Record<string, unknown>

/** What a change makes of a record, as an entry of the activity log tells it: only the entries that become something else, and what they were. */
export function difference(current: Facts, wanted: Facts): { before: Facts; after: Facts } {
  const changed = Object.keys(wanted).filter((name) => wanted[name] !== current[name])
  return { before: pick(current, changed), after: pick(wanted, changed) }
}

/** An entry that was not there is absent. */
const pick = (facts: Facts, names: string[]): Facts =>
  Object.fromEntries(names.filter((name) => facts[name] !== undefined).map((name) => [name, facts[name]]))
