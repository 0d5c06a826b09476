import type { FactorPolicy } from '../../src/models/identity/factor-policy'
import type { Lacking } from '../../src/models/members/lacking-factor'
import { dayOf } from '../components/when'
import { numberOf } from '../words'

/** What a workspace would ask, of how many, and from when on (ms) of whoever is here already. `self`: of the admin who looks at it. */
export type FactorPreview = {
  policy: FactorPolicy
  lacking: Lacking
  dueAt: number | undefined
  self: { lacksFactor: boolean }
  workspace: string
  now: number
}

const POLICIES: Record<FactorPolicy, string> = { optional: 'Optional', admins: 'Tenant Admins', everybody: 'Everyone' }
export const policyInWords = (policy: FactorPolicy) => POLICIES[policy]

/** *3 of 12 people have none.* */
export function lackingInWords(policy: FactorPolicy, { admins, everybody }: Lacking) {
  if (policy === 'optional') return 'Everyone decides for themselves.'
  const { lacking, people } = policy === 'admins' ? admins : everybody
  const whom = policy === 'admins' ? (people === 1 ? 'Tenant Admin' : 'Tenant Admins') : people === 1 ? 'person' : 'people'
  if (lacking === 0) return policy === 'admins' ? 'Every Tenant Admin has one already.' : 'Everyone here has one already.'
  return `${numberOf(lacking)} of ${numberOf(people)} ${whom} ${lacking === 1 ? 'has' : 'have'} none.`
}

/** What follows for whoever has none. */
export function previewInWords({ policy, lacking, dueAt, workspace, now }: FactorPreview) {
  if (policy === 'optional' || dueAt === undefined) return 'No one needs a second factor to open this workspace.'
  const few = lackingInWords(policy, lacking)
  const none = (policy === 'admins' ? lacking.admins : lacking.everybody).lacking === 0
  if (none) return few
  return dueAt > now
    ? `${few} We email them, and they need one to open ${workspace} from ${dayOf(dueAt, now)}.`
    : `${few} We email them, and they need one to open the next page of ${workspace}.`
}

/** To an admin who would be asked as well. */
export function selfInWords({ policy, self, dueAt, workspace, now }: FactorPreview) {
  if (policy === 'optional' || dueAt === undefined || !self.lacksFactor) return undefined
  return dueAt > now
    ? `You have none yourself. From ${dayOf(dueAt, now)}, you need one to open ${workspace}, including these settings.`
    : `You have none yourself: once this is saved, you need one to open ${workspace}, including these settings.`
}
