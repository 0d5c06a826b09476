import { ALLOWED_DOMAINS } from '../../src/limits'
import type { Latest } from '../../src/models/activity/latest'
import type { SettingsProblems } from '../../src/models/workspace/settings-draft'
import { timeOf } from '../components/when'
import { listOf } from '../words'
import type { Panel } from './settings-fields'

export const changedSettingsInWords = (last: Latest | undefined, now: number) =>
  `${last?.by ?? 'Someone'} changed these settings${last ? ` ${timeOf(last.at, now)}` : ''}, after you opened this page. Your changes are not saved yet.`

/** What a panel saves, as its button and the notice say it. */
export const SAVED: Record<Panel, string> = {
  general: 'General settings',
  invitations: 'Invitation settings',
  'second-factor': 'Second factor settings',
  mcp: 'MCP client settings',
  links: 'Section links',
}

/** The usual lifetimes, in hours. */
export const LIFETIMES = ['24', '72', '168', '720']

/** What the list of them shows as chosen. */
export const lifetimeChosen = (hours: string) => (LIFETIMES.includes(hours) ? hours : 'custom')

/** `3 days`, and `36 hours` where it is no whole number of days. */
export function lifetimeInWords(hours: string) {
  const days = Number(hours) / 24
  if (!Number.isInteger(days) || days === 0) return `${hours} hours`
  return days === 1 ? '1 day' : `${days} days`
}

export function domainsInWords(problem: SettingsProblems['allowedDomains']) {
  if (!problem) return undefined
  if (problem === 'too_many') return `Up to ${ALLOWED_DOMAINS} domains can be allowed.`
  return problem.unknown.length === 1
    ? `“${problem.unknown[0]}” is not a domain.`
    : `These are not domains: ${listOf(problem.unknown.map((line) => `“${line}”`))}.`
}
