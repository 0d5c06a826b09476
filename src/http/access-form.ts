import * as v from 'valibot'
import type { AccessDraft, AccessShown } from '../../views/access/access-fields'
import { type AgentMode, overridesFor, type SectionSettings, sectionsOf } from '../models/access/access'
import type { AgentChoice } from '../models/access/agent-edit-page'
import { CONFIGURABLE } from '../models/access/section'
import { repeated } from './forms'

/** An empty `section` says that sections were chosen, though none is; without any the tenant's defaults hold. */
export const SECTION = repeated(v.picklist(['', ...CONFIGURABLE.map(({ slug }) => slug)]))
export const AGENT_MODE = v.picklist(['all', 'list'])

/** What `AccessFields` sends. */
export const ACCESS_FIELDS = { section: SECTION, agent_mode: v.optional(AGENT_MODE), agent: repeated(v.string()) }

/** What to store for the sections of the form. */
export const overridesOf = ({ section }: Pick<AccessDraft, 'section'>, defaults: SectionSettings) =>
  section.length > 0 ? overridesFor(section, defaults) : {}

type Access = { defaults: SectionSettings; overrides: SectionSettings; agentMode: AgentMode }

/** `AccessFields` as they begin for somebody with this access. */
export const accessShown = (choices: AgentChoice[], ticked: string[], { agentMode, ...sections }: Access): AccessShown => ({
  choices,
  ticked,
  agentMode,
  chosen: sectionsOf({ role: 'user', ...sections }).map(({ slug }) => slug),
})
