import { changes, connect, type Db } from './db/connect'
import type { Env } from './env'
import { sweepLogouts, telling } from './jobs/logouts'
import { sweepJobs } from './jobs/queue'
import { SWEPT_ROWS } from './limits'
import { log, troubleOf } from './log'
import { postNow, sweep } from './mail/queue'
import { forgetAddresses } from './models/activity/forget'
import { endLapsedGrants } from './models/apps/look'
import { pruneAccessRequests, pruneAppGrants, pruneAppLogouts, pruneAppTokens } from './models/apps/retention'
import type { Act, Actor } from './models/core/act'
import { noteRun } from './models/health/health'
import { pruneChallenges } from './models/identity/challenge'
import { pruneSignIns } from './models/identity/half-sign-in'
import { pruneBrowsers } from './models/identity/known-browser'
import { resealing, unreadableTotpSecrets } from './models/identity/reseal'
import { pruneSessions } from './models/identity/session'
import { pruneThrottles } from './models/identity/throttle'
import { tellExpired } from './models/invitations/notice'
import { gatherNotices } from './models/invitations/notice-mail'
import { remind } from './models/invitations/reminder'
import { pruneDrafts } from './models/invite-many/draft'
import { pruneJobs } from './models/jobs/lease'
import { warnOfEnds } from './models/members/end-warning'
import { endMemberships } from './models/members/ending'
import { remindOfFactors } from './models/members/factor-reminder'
import { pruneUndos } from './models/undo/undo'
import { rekeyAgents, rekeyFormerPeople, rekeyPeople } from './models/workspace/rekey'
import {
  pruneAccountMails,
  pruneDepartures,
  pruneFactorLinks,
  pruneInvitations,
  pruneJoinProofs,
  pruneJoinRequests,
  pruneMails,
  prunePasswordResets,
  pruneRemovedAddresses,
  pruneReviews,
  pruneSetupTokens,
  pruneUsers,
  ROWS,
} from './models/workspace/retention'

/** Bounded, since a run that takes too long is cut off. @returns how many it dealt with, for the log */
type Task = (env: Env, act: Act) => Promise<number>
type Tasks = Record<string, Task>

/** The Cron acts for no one. */
const NOBODY: Actor = { memberId: null, name: null, email: null, ip: null }

const EVERY_MINUTE: Tasks = {
  sweepMails: sweep,
  sweepJobs: (env, { now }) => sweepJobs(env, now),
  sweepLogouts: (env) => sweepLogouts(env),
  settleAccess: (_, act) => endLapsedGrants(act),
  remind: async (env, act) => postNow(env, await remind(act, env.CAPS)),
  tellExpired: (_, act) => tellExpired(act),
  gatherNotices: async (env, act) => postNow(env, await gatherNotices(act)),
  warnOfEnds: async (env, act) => postNow(env, await warnOfEnds(act)),
  remindOfFactors: async (env, act) => postNow(env, await remindOfFactors(act)),
  endMemberships: (_, act) => endMemberships(act),
  pruneUndos: async (_, { db, now }) => (await pruneEach(db, pruneUndos(db, now, ROWS))).count,
  rekeyPeople: (_, { db }) => rekeyPeople(db),
  rekeyAgents: (_, { db }) => rekeyAgents(db),
  rekeyFormerPeople: (_, { db }) => rekeyFormerPeople(db),
}

/** They look at every workspace, so once a day is often enough. */
const EVERY_NIGHT: Tasks = {
  forgetAddresses: (_, { db, now }) => inRounds(() => forgetRound(db, now)),
  pruneChallenges: pruning(pruneChallenges, SWEPT_ROWS),
  pruneSessions: pruning(pruneSessions, SWEPT_ROWS),
  pruneSignIns: pruning(pruneSignIns, SWEPT_ROWS),
  pruneBrowsers: pruning(pruneBrowsers, SWEPT_ROWS),
  pruneThrottles: pruning(pruneThrottles, SWEPT_ROWS),
  pruneMails: pruning(pruneMails),
  pruneAccountMails: pruning(pruneAccountMails),
  pruneInvitations: pruning(pruneInvitations),
  prunePasswordResets: pruning(prunePasswordResets),
  pruneFactorLinks: pruning(pruneFactorLinks),
  pruneDepartures: pruning(pruneDepartures),
  pruneJoinProofs: pruning(pruneJoinProofs),
  pruneJoinRequests: pruning(pruneJoinRequests),
  pruneAccessRequests: pruning(pruneAccessRequests),
  pruneAppTokens: pruning(pruneAppTokens),
  pruneAppGrants: pruning(pruneAppGrants),
  pruneAppLogouts: pruning(pruneAppLogouts),
  pruneRemovedAddresses: pruning(pruneRemovedAddresses),
  pruneUsers: pruning(pruneUsers),
  pruneJobs: (_, { db, now }) => inRounds(() => pruneEach(db, pruneJobs(db, now, ROWS))),
  pruneDrafts: (_, act) => inRounds(() => prune(act.db, pruneDrafts(act, DRAFTS), DRAFTS)),
  pruneReviews: (_, { db, now }) => inRounds(() => pruneEach(db, pruneReviews(db, now))),
  pruneSetupTokens: (_, { db, now }) => changes(db, pruneSetupTokens(db, now)),
  resealTotpSecrets: ({ TOTP_KEYS }, act) => inRounds(resealing(act, TOTP_KEYS)),
  unreadableTotpSecrets: async ({ TOTP_KEYS }, { db }) => told('unreadableTotpSecrets', await unreadableTotpSecrets(db, TOTP_KEYS)),
}

/** A run of a free account may ask D1 fifty times; what is left then waits for the next night. */
const ROUNDS = 8

/** Each takes up to a thousand rows with it. */
const DRAFTS = 50

type Round = { count: number; more: boolean }

/** A statement that takes at most so many rows away, in rounds. */
function pruning(statementOf: (db: Db, now: number) => Prunes, most = ROWS): Task {
  return (_, { db, now }) => inRounds(() => prune(db, statementOf(db, now), most))
}

type Prunes = Parameters<typeof changes>[1]

async function inRounds(round: () => Promise<Round>) {
  let total = 0
  for (let rounds = 1; rounds <= ROUNDS; rounds++) {
    const { count, more } = await round()
    total += count
    if (!more) break
  }
  return total
}

async function prune(db: Db, statement: Prunes, most: number): Promise<Round> {
  const count = await changes(db, statement)
  return { count, more: count >= most }
}

/** One after the other: what belongs to something goes before it, so that no statement takes more away than it says. */
async function pruneEach(db: Db, statements: readonly Prunes[], most = ROWS): Promise<Round> {
  const counts: number[] = []
  for (const statement of statements) counts.push(await changes(db, statement))
  return { count: counts.reduce((sum, count) => sum + count, 0), more: counts.some((count) => count >= most) }
}

async function forgetRound(db: Db, now: number): Promise<Round> {
  const [forgotten, [left]] = await db.batch(forgetAddresses(db, now))
  return { count: forgotten.length, more: left?.more === 1 }
}

/** As `wrangler.toml` has them. */
const CRONS: Record<string, Tasks> = { '* * * * *': EVERY_MINUTE, '17 3 * * *': EVERY_NIGHT }

/** One run, and one line for it with what each task dealt with. */
export async function runCron(env: Env, cron: string, now: number): Promise<void> {
  const tasks = Object.entries(CRONS[cron] ?? EVERY_MINUTE)
  const counts = await Promise.all(tasks.map(([name, task]) => attempt(name, task, env, now)))
  const outcome = counts.includes(undefined) ? 'incomplete' : 'done'
  if (outcome === 'done') await attempt('noteRun', (_, act) => changes(act.db, noteRun(act, nameOf(cron))), env, now)
  log({ action: `cron ${nameOf(cron)}`, outcome, ...Object.fromEntries(tasks.map(([name], i) => [name, counts[i]])) })
}

/** The people whose app no key opens are there until somebody does something about it: docs/operations.md, Rotating keys. */
function told(action: string, count: number) {
  if (count > 0) log({ action, outcome: 'misconfigured', count })
  return count
}

const nameOf = (cron: string) => (CRONS[cron] === EVERY_NIGHT ? 'every night' : 'every minute')

/** Each on its own: what fails in one must not keep the mail waiting. */
async function attempt(name: string, task: Task, env: Env, now: number) {
  const { due, done } = telling(env)
  try {
    const count = await task(env, { db: connect(env.DB, due), by: NOBODY, now })
    await done()
    return count
  } catch (error) {
    log({ action: name, outcome: 'failed', ...troubleOf(error) })
    return undefined
  }
}
