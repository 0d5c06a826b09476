/** The one place that writes the URLs of pages. Whoever links to a page of a workspace needs the workspace for it. */

/** Scheme and host, as `APP_ORIGIN` has them. */
export type WebOrigin = `http://${string}` | `https://${string}`

export type WorkspacePaths = ReturnType<typeof pathsIn>

/** The pages of one workspace; `slug` is its id. */
export function pathsIn(slug: string) {
  const at = `/w/${slug}` as const
  const access = `${at}/access` as const
  const users = `${access}/users` as const
  return {
    home: at,
    leave: `${at}/leave`,
    notices: `${at}/notices`,
    agents: `${at}/agents`,
    newAgent: `${at}/agents/new`,
    agent: (id: string) => `${at}/agents/${id}`,
    openAgent: (id: string) => `${at}/agents/${id}/open`,
    editAgent: (id: string) => `${at}/agents/${id}/edit`,
    deleteAgent: (id: string) => `${at}/agents/${id}/delete`,
    section: (slug: string) => `${at}/sections/${slug}`,
    openSection: (slug: string) => `${at}/sections/${slug}/open`,
    access,
    users,
    exportUsers: `${users}/export`,
    member: (id: string) => `${users}/${id}`,
    signOutOfApp: (memberId: string, appId: string) => `${users}/${memberId}/apps/${appId}/sign-out`,
    copyLink: (id: string) => `${users}/${id}/copy-link`,
    changeMember: (id: string, change: MemberChange) => `${users}/${id}/${change}`,
    invite: `${access}/invitations/new`,
    invitations: `${access}/invitations`,
    unsent: `${access}/invitations/unsent`,
    inviteMany: `${access}/invitations/many`,
    inviteList: (id: string) => `${access}/invitations/many/${id}`,
    inviteRow: (id: string, n: number) => `${access}/invitations/many/${id}/rows/${n}`,
    leaveOutProblems: (id: string) => `${access}/invitations/many/${id}/leave-out`,
    discardList: (id: string) => `${access}/invitations/many/${id}/discard`,
    sendInvites: (id: string) => `${access}/invitations/many/${id}/send`,
    cancelWaiting: (id: string) => `${access}/invitations/many/${id}/cancel`,
    retryInvites: (id: string) => `${access}/invitations/many/${id}/retry`,
    inviteReport: (id: string) => `${access}/invitations/many/${id}/report.csv`,
    joinLinks: `${access}/join-links`,
    newJoinLink: `${access}/join-links/new`,
    joinLink: (id: string) => `${access}/join-links/${id}`,
    turnOffJoinLink: (id: string) => `${access}/join-links/${id}/off`,
    disableJoined: (id: string) => `${access}/join-links/${id}/disable`,
    requests: `${access}/requests`,
    request: (id: string) => `${access}/requests/${id}`,
    answerRequest: (id: string, answer: 'approve' | 'decline') => `${access}/requests/${id}/${answer}`,
    accessRequests: `${access}/requests/apps`,
    answerAccessRequest: (memberId: string, appId: string, answer: 'approve' | 'decline') =>
      `${access}/requests/apps/${memberId}/${appId}/${answer}`,
    permissions: `${access}/permissions`,
    permission: (memberId: string) => `${access}/permissions/${memberId}`,
    permissionDefaults: `${access}/permissions/defaults`,
    keepDefaults: `${access}/permissions/defaults/keep`,
    permissionColumns: `${access}/permissions/columns`,
    agentAccess: `${access}/agents`,
    agentAccessOf: (memberId: string) => `${access}/agents/${memberId}`,
    editAgentAccess: (memberId: string) => `${access}/agents/${memberId}/edit`,
    agentAccessColumns: `${access}/agents/columns`,
    presets: `${access}/presets`,
    newPreset: `${access}/presets/new`,
    preset: (id: string) => `${access}/presets/${id}`,
    editPreset: (id: string) => `${access}/presets/${id}/edit`,
    deletePreset: (id: string) => `${access}/presets/${id}/delete`,
    realignPreset: (id: string) => `${access}/presets/${id}/realign`,
    presetOf: (memberId: string) => `${users}/${memberId}/preset`,
    apps: `${access}/apps`,
    newApp: `${access}/apps/new`,
    app: (id: string) => `${access}/apps/${id}`,
    editApp: (id: string) => `${access}/apps/${id}/edit`,
    rotateAppSecret: (id: string) => `${access}/apps/${id}/secret`,
    endFormerSecret: (id: string) => `${access}/apps/${id}/former-secret`,
    agreeToApp: (id: string) => `${access}/apps/${id}/consent`,
    tryApp: (id: string) => `${access}/apps/${id}/try`,
    retryAppLogout: (id: string, logout: string) => `${access}/apps/${id}/logouts/${logout}/retry`,
    disconnectApp: (id: string) => `${access}/apps/${id}/disconnect`,
    activity: `${access}/activity`,
    exportActivity: `${access}/activity/export`,
    reviews: `${access}/reviews`,
    review: (id: string) => `${access}/reviews/${id}`,
    finishReview: (id: string) => `${access}/reviews/${id}/finish`,
    exportReview: (id: string) => `${access}/reviews/${id}/export`,
    settings: `${access}/settings`,
    checks: `${access}/mail`,
    mailTest: `${access}/mail/test`,
    undo: (id: string) => `${access}/undo/${id}`,
    change: (change: string) => `${access}/changes/${change}`,
    job: (id: string) => `${access}/jobs/${id}`,
    jobReport: (id: string) => `${access}/jobs/${id}/report.csv`,
  } as const
}

export type MemberChange =
  | 'resend'
  | 'role'
  | 'disable'
  | 'enable'
  | 'delete'
  | 'sign-out'
  | 'address'
  | 'end-date'
  | 'reset-factor'

/** Where the link in an email leads, with its token; it goes on from there to a page below. */
export const MAILED_PATHS = {
  invitation: '/invitation',
  password_reset: '/reset-password',
  // Before the path that it begins with.
  join: '/join/confirm',
  join_link: '/join',
  factor_link: '/second-factor',
} as const

/** The pages of one emailed link, named by `linkOf` of its `jti`. */
export const invitationPaths = (link: string) => {
  const page = `/invitation/${link}` as const
  return {
    page,
    accept: `${page}/accept`,
    passkey: `${page}/passkey`,
    decline: `${page}/decline`,
    renew: `${page}/renew`,
    allow: `${page}/allow`,
    opened: `${page}/opened`,
  } as const
}

/** The pages of a join link, which may be opened by anybody. */
export const joinPaths = (link: string) => {
  const page = `/join/${link}` as const
  return { page, sent: `${page}/sent` } as const
}

/** The pages of the link that a join link had emailed. */
export const joinProofPaths = (link: string) => {
  const page = `/join/confirm/${link}` as const
  return { page, join: `${page}/join`, ask: `${page}/ask`, invitation: `${page}/invitation` } as const
}

/** Where a sign-in goes on after a right password, and from there to a path of ours. */
export const secondStepPath = (signIn: string, next: string | undefined) =>
  withQuery('/login/second-step', { in: signIn, next: next === '/' ? undefined : next })

/** Where a link leads that was emailed so that somebody may set up a second factor. */
export const factorLinkPath = (link: string) => `/second-factor/${link}` as const

/** The pages of such a link: `setUp` is for whoever gave their password there, which this names. */
export const factorLinkPaths = (link: string) => {
  const page = factorLinkPath(link)
  return {
    page,
    setUp: (signIn: string) => `${page}/set-up/${signIn}`,
    authenticatorApp: `${page}/authenticator-app`,
    passkey: `${page}/passkey`,
  } as const
}

/** Where apps send people, and what their pages post. */
export const OAUTH_PATHS = {
  authorize: '/oauth/authorize',
  forward: '/oauth/forward',
  cancel: '/oauth/cancel',
  consent: '/oauth/consent',
  ask: '/oauth/ask',
  logout: '/oauth/logout',
  signOut: '/oauth/sign-out',
  signedOut: '/oauth/signed-out',
} as const

/** What leads to an app, and the page that stands between a form of ours and that. */
export const BY_PAGE: ReadonlyMap<string, string> = new Map([
  [OAUTH_PATHS.authorize, '/oauth/continue'],
  [OAUTH_PATHS.forward, '/oauth/forward/continue'],
])

export const resetPath = (link: string) => `/reset-password/${link}` as const

/** With the part of a query that is not empty. */
export function withQuery(path: string, query: Record<string, string | undefined>): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => !!pair[1])
  return pairs.length ? `${path}?${new URLSearchParams(pairs)}` : path
}
