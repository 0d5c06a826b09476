import type { Role } from '../access/access'
import { maySeeSection, type SectionSettings } from '../access/access'
import { SECTIONS } from '../access/section'
import { type FactorDemand, type FactorState, factorDemand } from '../identity/factor-policy'
import type { Subject } from './app'

/** What decides whether somebody may be signed in to an app, as the database says now. */
export type Standing = {
  role: Role
  defaults: SectionSettings
  overrides: SectionSettings
  /** Whether they may see the agent that the app is for, where it is for one. */
  seesAgent: boolean
  /** Of the session behind the grant. */
  factor: FactorState
}

/** `no_access`: an admin can give what is missing; the others ask for another sign-in. */
export type Answer = 'yes' | 'no_access' | Extract<FactorDemand, 'enrol' | 'prove'>

/**
 * The one answer to "may this person be signed in to this app": authorize, token, refresh, userinfo, introspection and forward auth all ask it, of
 * an active member whose session counts.
 */
export function answerOf(app: Subject, standing: Standing, now: number): Answer {
  const demand = factorDemand(standing.factor, now)
  if (demand === 'enrol' || demand === 'prove') return demand
  return maySee(app, standing) ? 'yes' : 'no_access'
}

/** As the pages do: an agent is seen in the section of the agents. The view `standing_app_grants` says the same in SQL. */
function maySee({ section, agentId }: Subject, standing: Standing) {
  if (!section && !agentId) return true
  const found = SECTIONS.find(({ slug }) => slug === (section ?? 'agents'))
  return found !== undefined && maySeeSection(standing, found) && (!agentId || standing.seesAgent)
}
