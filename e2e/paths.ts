const withQuery = (path: string, query: Record<string, string> = {}) => {
  const text = new URLSearchParams(query).toString()
  return text ? `${path}?${text}` : path
}

/** Every address of the app that the journeys type or look at, so that another scheme of URLs is one edit. */
export const PATHS = {
  home: '/',
  login: '/login',
  loginBefore: (next: string) => withQuery('/login', { next }),
  /** After the session was ended elsewhere. */
  loginEnded: (next: string) => withQuery('/login', { next, reason: 'ended' }),
  loginOver: (next: string) => withQuery('/login', { next, reason: 'over' }),
  /** After this workspace has ended the session for itself. */
  loginAgain: (next: string) => withQuery('/login', { next, reason: 'again' }),
  secondStep: '/login/second-step',
  forgotPassword: '/forgot-password',
  forgotPasswordSent: '/forgot-password?sent',
  /** With the address that the link before was for. */
  loginFrom: /\/login\?from=[\w-]+$/,
  resetPassword: '/reset-password',
  resetPage: /\/reset-password\/[\w-]{16}$/,
  lostSecondFactor: '/lost-second-factor',
  invitation: '/invitation',
  invitationPage: /\/invitation\/[\w-]{16}$/,
  invitationOpened: /\/invitation\/[\w-]{16}\/opened$/,
  workspaces: '/workspaces',
  setup: '/setup',
  account: '/account',
  authenticatorApp: '/account/authenticator-app',
  authorize: '/oauth/authorize',
  appLogout: '/oauth/logout',
  mailbox: '/dev/mailbox',
  mailboxOf: (to: string) => withQuery('/dev/mailbox.json', { to }),
  everyMail: '/dev/mailbox.json',
}

/** The pages of a workspace. */
export const pathsOf = (slug: string) => ({
  agents: `/w/${slug}/agents`,
  agentsTagged: (tag: string) => withQuery(`/w/${slug}/agents`, { tag }),
  newAgent: `/w/${slug}/agents/new`,
  agent: (id: string) => `/w/${slug}/agents/${id}`,
  editAgent: (id: string) => `/w/${slug}/agents/${id}/edit`,
  section: (name: string) => `/w/${slug}/sections/${name}`,
  users: (query?: Record<string, string>) => withQuery(`/w/${slug}/access/users`, query),
  member: (id: string) => `/w/${slug}/access/users/${id}`,
  copyLink: (id: string) => `/w/${slug}/access/users/${id}/copy-link`,
  change: (change: string) => `/w/${slug}/access/changes/${change}`,
  job: (id: string) => `/w/${slug}/access/jobs/${id}`,
  invite: (query?: Record<string, string>) => withQuery(`/w/${slug}/access/invitations/new`, query),
  invitations: `/w/${slug}/access/invitations`,
  inviteMany: `/w/${slug}/access/invitations/many`,
  inviteList: new RegExp(`/w/${slug}/access/invitations/many/[\\w-]{36}`),
  joinLinks: `/w/${slug}/access/join-links`,
  newJoinLink: `/w/${slug}/access/join-links/new`,
  newApp: `/w/${slug}/access/apps/new`,
  requests: `/w/${slug}/access/requests`,
  accessRequests: `/w/${slug}/access/requests/apps`,
  request: (id: string) => `/w/${slug}/access/requests/${id}`,
  permissions: (query?: Record<string, string>) => withQuery(`/w/${slug}/access/permissions`, query),
  editAgentAccess: (id: string) => `/w/${slug}/access/agents/${id}/edit`,
  agentAccess: (query?: Record<string, string>) => withQuery(`/w/${slug}/access/agents`, query),
  apps: `/w/${slug}/access/apps`,
  newAppFor: (subject: string) => withQuery(`/w/${slug}/access/apps/new`, { for: subject }),
  app: (id: string) => `/w/${slug}/access/apps/${id}`,
  editApp: (id: string) => `/w/${slug}/access/apps/${id}/edit`,
  tryApp: (id: string) => `/w/${slug}/access/apps/${id}/try`,
  presets: `/w/${slug}/access/presets`,
  newPreset: `/w/${slug}/access/presets/new`,
  preset: (id: string) => `/w/${slug}/access/presets/${id}`,
  editPreset: (id: string) => `/w/${slug}/access/presets/${id}/edit`,
  activity: `/w/${slug}/access/activity`,
  activityOf: (who: string) => withQuery(`/w/${slug}/access/activity`, { who, kind: 'all' }),
  reviews: `/w/${slug}/access/reviews`,
  settings: `/w/${slug}/access/settings`,
  checks: `/w/${slug}/access/mail`,
})

export const ACME = pathsOf('acme')
export const GLOBEX = pathsOf('globex')

/** How the address of a form ends that sends an email again. */
export const RESEND = '/resend'

/** What the log calls the requests of the main journeys. */
export const ACTIONS = ['POST /login', 'POST /invitation/:link/accept', 'GET /w/:workspace/access/users', 'deliver mail']
