import type { Origin } from '../../src/models/access/origin'
import { shownAddress } from '../components/shown-address'
import { dayOf } from '../components/when'

/** *Preset Support team, since 3 Nov*, *Set by Ada Admin, 3 Nov*. */
export function originInWords(origin: Origin | undefined, preset: string | null | undefined, now: number): string {
  if (!origin || origin.by === 'unknown') return 'Own setting'
  if (origin.by === 'preset' && preset) return `Preset ${preset}, since ${dayOf(origin.at, now)}`
  const name = origin.by === 'person' ? origin.name : null
  return name === null ? `Own setting, ${dayOf(origin.at, now)}` : `Set by ${shownAddress(name)}, ${dayOf(origin.at, now)}`
}
