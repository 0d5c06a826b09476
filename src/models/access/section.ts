/** A module of the platform. Describe your own platform here: order is the sidebar's, a slug never changes once it is in use. */
export const SECTIONS = [
  {
    slug: 'agents',
    name: 'Agents',
    icon: 'bot',
    kind: 'configurable',
    description: 'Meet the agents of this workspace and chat with them.',
  },
  {
    slug: 'traces',
    name: 'Traces',
    icon: 'route',
    kind: 'configurable',
    description: 'Follow one request through every step an agent took.',
  },
  {
    slug: 'logs',
    name: 'Logs',
    icon: 'scroll-text',
    kind: 'configurable',
    description: 'Read what agents wrote while they worked.',
  },
  {
    slug: 'eval',
    name: 'Eval',
    icon: 'flask-conical',
    kind: 'configurable',
    description: 'Measure how well agents answer, run after run.',
  },
  {
    slug: 'session',
    name: 'Session',
    icon: 'messages-square',
    kind: 'configurable',
    description: 'Replay whole conversations with an agent.',
  },
  {
    slug: 'prompts',
    name: 'Prompts',
    icon: 'message-square-text',
    kind: 'configurable',
    description: 'Write, version and compare prompts.',
  },
  {
    slug: 'mcp-debug',
    name: 'MCP Debug',
    icon: 'bug',
    kind: 'configurable',
    description: 'Inspect the tools that agents reach over MCP.',
  },
  {
    slug: 'access-management',
    name: 'Access Management',
    icon: 'users',
    kind: 'admin_only',
    description: 'Invite people and decide what each may see.',
  },
  {
    slug: 'analytics',
    name: 'Analytics',
    icon: 'chart-column',
    kind: 'admin_only',
    description: 'See how agents are used, and by how many.',
  },
  {
    slug: 'cost-control',
    name: 'Cost Control',
    icon: 'circle-dollar-sign',
    kind: 'admin_only',
    description: 'Watch what agents spend and set budgets.',
  },
  {
    slug: 'agentguard',
    name: 'AgentGuard',
    icon: 'shield-check',
    kind: 'admin_only',
    description: 'Set the limits that agents may not cross.',
  },
  {
    slug: 'intelligence',
    name: 'Intelligence',
    icon: 'brain',
    kind: 'admin_only',
    description: 'Find patterns across conversations.',
  },
  { slug: 'billing', name: 'Billing', icon: 'credit-card', kind: 'admin_only', description: 'Plans, invoices and payment.' },
] as const

export type Section = (typeof SECTIONS)[number]
export type SectionSlug = Section['slug']

/** The sections that lead to a tool of the workspace's own; the two others are Latchkey itself. */
export const LINKED = SECTIONS.filter((section) => section.slug !== 'agents' && section.slug !== 'access-management')
export type LinkedSection = (typeof LINKED)[number]

export const CONFIGURABLE = SECTIONS.filter((section) => section.kind === 'configurable')
