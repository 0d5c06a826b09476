/** What the seeded agents do, so that the cards have something to say. */
export const AGENTS = [
  {
    tenant: 'acme',
    name: 'Support Triage',
    description: 'Sorts incoming tickets and drafts the first reply.',
    framework: 'Google ADK',
    deployment: 'Cloud Run',
    tags: ['support', 'email'],
  },
  {
    tenant: 'acme',
    name: 'Contract Reader',
    description: 'Finds dates, parties, and obligations in contracts.',
    framework: 'LangGraph',
    deployment: 'Cloud Run',
    tags: ['legal', 'pdf'],
  },
  {
    tenant: 'acme',
    name: 'Release Notes',
    description: 'Writes release notes from merged pull requests.',
    framework: 'CrewAI',
    deployment: 'Custom',
    tags: ['engineering'],
  },
  {
    tenant: 'acme',
    name: 'Invoice Matcher',
    description: 'Matches invoices to orders and flags the rest.',
    framework: 'LangGraph',
    deployment: 'Custom',
    tags: ['finance'],
  },
  {
    tenant: 'acme',
    name: 'Onboarding Guide',
    description: 'Walks new colleagues through their first week.',
    framework: 'Google ADK',
    deployment: 'Cloud Run',
    tags: ['people'],
    live: 0,
  },
  {
    tenant: 'globex',
    name: 'Route Planner',
    description: 'Plans delivery rounds around traffic and opening hours.',
    framework: 'CrewAI',
    deployment: 'Custom',
    tags: ['logistics'],
  },
  {
    tenant: 'globex',
    name: 'Stock Watch',
    description: 'Warns before a shelf runs empty.',
    framework: 'LangGraph',
    deployment: 'Cloud Run',
    tags: ['warehouse'],
  },
]

export const slugOf = (name: string) => name.toLowerCase().replaceAll(' ', '-')
