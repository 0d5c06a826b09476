/** Whoever a situation is about: a member with access, of the workspace of the app and of another one. */
export type Who = { workspace: string; member: string; other: string; memberOfOther: string }

/** What the app is for. */
export type For = { section: string } | { agent: string }

/** A form that an admin of the workspace sends, or a statement of the operator or the clock. */
export type Deed = { workspace: string; path: string; fields: string[][] } | { sql: string; params: string[] }

/** What the authorization endpoint answers them from then on. */
export type Answer = 'signed in' | 'no access' | 'unknown app' | 'sign in'

export type Situation = {
  /** They belong to the other workspace as well. */
  inTwo: boolean
  deeds: (who: Who, app: For) => Deed[]
  answer: Answer
}

const post = (workspace: string, path: string, fields: Record<string, string> = {}): Deed => ({
  workspace,
  path: `/w/${workspace}/access/${path}`,
  fields: Object.entries(fields),
})

const changes =
  (change: string, fields: Record<string, string> = {}) =>
  ({ workspace, member }: Who) => [post(workspace, `users/${member}/${change}`, fields)]

const lacksSection = (workspace: string, member: string, section: string) =>
  post(workspace, `permissions/${member}`, { section, access: 'off' })

const lacksAgents = (workspace: string, member: string) => post(workspace, `agents/${member}`, { mode: 'list' })

const losesIt = ({ workspace, member }: Who, app: For) => [
  'section' in app ? lacksSection(workspace, member, app.section) : lacksAgents(workspace, member),
]

/** What can happen to somebody who may see what an app is for, told after "somebody who": to whatever client asks for them, the same answers are due. */
export const SITUATIONS: Record<string, Situation> = {
  'lacks what it is for': { inTwo: false, deeds: losesIt, answer: 'no access' },
  'lacks it here, and has it in another workspace': { inTwo: true, deeds: losesIt, answer: 'no access' },
  'lacks it in another workspace alone': {
    inTwo: true,
    deeds: ({ other, memberOfOther }) => [lacksSection(other, memberOfOther, 'traces'), lacksAgents(other, memberOfOther)],
    answer: 'signed in',
  },
  'was disabled': { inTwo: false, deeds: changes('disable'), answer: 'sign in' },
  'was disabled here, and not in another workspace': { inTwo: true, deeds: changes('disable'), answer: 'unknown app' },
  'was disabled in another workspace alone': {
    inTwo: true,
    deeds: ({ other, memberOfOther }) => [post(other, `users/${memberOfOther}/disable`)],
    answer: 'signed in',
  },
  'was removed': { inTwo: false, deeds: changes('delete'), answer: 'sign in' },
  'was removed here, and not from another workspace': { inTwo: true, deeds: changes('delete'), answer: 'unknown app' },
  'has come to the end of their time, which no Cron has noted': {
    inTwo: false,
    deeds: ({ member }) => [{ sql: 'UPDATE members SET ends_at = created_at + 1 WHERE id = ?', params: [member] }],
    answer: 'unknown app',
  },
  'was signed out of the workspace': { inTwo: false, deeds: changes('sign-out'), answer: 'sign in' },
  'belongs to a workspace that was suspended': {
    inTwo: false,
    deeds: ({ workspace }) => [{ sql: 'UPDATE tenants SET suspended_at = created_at + 1 WHERE id = ?', params: [workspace] }],
    answer: 'unknown app',
  },
  'has become a Tenant Admin': { inTwo: false, deeds: changes('role', { role: 'admin' }), answer: 'signed in' },
  'was a Tenant Admin and lacks it now': {
    inTwo: false,
    deeds: (who, app) => [
      ...losesIt(who, app),
      ...changes('role', { role: 'admin' })(who),
      ...changes('role', { role: 'user' })(who),
    ],
    answer: 'no access',
  },
  'lacks another section': {
    inTwo: false,
    deeds: ({ workspace, member }) => [lacksSection(workspace, member, 'logs')],
    answer: 'signed in',
  },
}
