import { AGENT_LIMITS } from '../../limits'
import type { WebOrigin } from '../../paths'
import { nameOf, oneLine } from '../core/name'
import { safeHref, type UrlRefusal } from '../core/url'
import type { Agent, AgentDetails } from './agent'

/** An agent as an admin types it: the tags in one line, between commas. */
export type AgentDraft = {
  name: string
  description: string
  framework: string
  deployment: string
  url: string
  tags: string
  live: 'on' | 'off'
}

/** What an admin decides about an agent. */
export type AgentFacts = Omit<Agent, 'id' | 'connected'> & Pick<AgentDetails, 'url'>

export type AgentProblems = {
  name?: 'missing'
  description?: 'too_long'
  url?: UrlRefusal
  tags?: 'too_many' | 'too_long'
}

export const toDraft = ({ name, description, framework, deployment, url, tags, live }: AgentFacts): AgentDraft => ({
  name,
  description,
  framework,
  deployment,
  url: url ?? '',
  tags: tags.join(', '),
  live: live ? 'on' : 'off',
})

/** The facts, or for each field that cannot stay as it is the reason. */
export function checkAgent(draft: AgentDraft, origin: WebOrigin): { facts: AgentFacts } | { problems: AgentProblems } {
  const name = nameOf(draft.name)
  const description = oneLine(draft.description)
  const address = draft.url.trim() ? safeHref(draft.url, origin) : { href: null }
  const tags = tagsOf(draft.tags)
  const tagProblem = problemOf(tags)
  const tooLong = [...description].length > AGENT_LIMITS.descriptionCharacters

  if (!name || tooLong || 'reason' in address || tagProblem) {
    const problems: AgentProblems = {
      ...(name ? {} : { name: 'missing' }),
      ...(tooLong ? { description: 'too_long' } : {}),
      ...('reason' in address ? { url: address.reason } : {}),
      ...(tagProblem ? { tags: tagProblem } : {}),
    }
    return { problems }
  }
  const [framework, deployment] = [nameOf(draft.framework) ?? '', nameOf(draft.deployment) ?? '']
  return { facts: { name, description, framework, deployment, url: address.href, tags, live: draft.live === 'on' } }
}

const tagsOf = (typed: string) => [
  ...new Set(
    typed
      .split(',')
      .map((tag) => oneLine(tag).toLowerCase())
      .filter(Boolean),
  ),
]

const problemOf = (tags: string[]) =>
  tags.length > AGENT_LIMITS.tags
    ? 'too_many'
    : tags.some((tag) => [...tag].length > AGENT_LIMITS.tagCharacters)
      ? 'too_long'
      : undefined
