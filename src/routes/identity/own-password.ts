import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import type { Notice } from '../../../views/notices'
import type { AppEnv } from '../../env'
import { showAccount } from '../../http/account-page'
import { enterAsPerson, expectOwnProof, ProofNeeded, SignedOut } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { note } from '../../http/log'
import { passwordProblemOf } from '../../http/new-password'
import { setSessionCookie } from '../../http/session-cookie'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import type { PersonAct } from '../../models/core/act'
import { changePassword, passwordChange } from '../../models/identity/account'
import { firstPassword, setFirstPassword } from '../../models/identity/first-password'
import { hashQueue } from '../../models/identity/hash-queue'
import { hashPassword, verifyPassword } from '../../models/identity/password'
import { newSession, type Person } from '../../models/identity/session'
import { failInSession, returnSessionTry } from '../../models/identity/session-tries'

export const ownPassword = new Hono<AppEnv>()

ownPassword.post('/', async (c) => {
  // Before it is counted as a guess.
  hashQueue.expectRoom()
  const entered = await enterAsPerson(c, passwordChange)
  const { act, person, hash, allowed } = entered
  const [guess] = allowed
  const { current, password } = await readForm(c, { current: v.string(), password: v.string() })
  const waits = waitOf(entered)
  if (waits) return letWait(c, entered, waits)
  const proven = person.factors === 0 || person.fresh
  const problem = proven ? await problemOf(c, entered, password) : undefined
  if (problem || !proven) {
    if (guess) await returnSessionTry(act, guess.hits)
    if (!problem) throw new ProofNeeded(person)
    return showAccount(c, entered, { field: 'password', problem })
  }
  if (!(await verifyPassword(hash[0]?.passwordHash, current)).ok) return refuseWrong(c, entered)
  const given = await newPassword(password)
  if (!(await changePassword(act, given))) throw new SignedOut({ reason: 'ended' })
  return changed(c, given, 'password_changed')
})

function letWait(c: Context<AppEnv>, entered: Account, waits: NonNullable<ReturnType<typeof waitOf>>) {
  note(c, { event: 'authn_password_change_fail', reason: waits.problem })
  tooMany(c, waits.retryAt, entered.now)
  return showAccount(c, entered, waits)
}

async function refuseWrong(c: Context<AppEnv>, entered: Account & { act: PersonAct }) {
  note(c, { event: 'authn_password_change_fail', reason: 'wrong' })
  if (await failInSession(entered.act)) throw new SignedOut({ reason: 'tries' })
  return showAccount(c, entered, { field: 'current', problem: 'wrong' })
}

ownPassword.post('/first', async (c) => {
  hashQueue.expectRoom()
  const entered = await enterAsPerson(c, firstPassword)
  expectOwnProof(entered.person)
  const { password } = await readForm(c, { password: v.string() })
  const problem = await problemOf(c, entered, password)
  if (problem) return showAccount(c, entered, { field: 'password', problem })
  const given = await newPassword(password)
  // Where they have one by now, the page says so.
  return (await setFirstPassword(entered.act, given)) ? changed(c, given, 'password_set') : c.redirect('/account', 303)
})

type Account = Parameters<typeof showAccount>[1]
type Entered = { person: Pick<Person, 'email' | 'name'>; ownWords: { name: string }[] }

const problemOf = (c: Context<AppEnv>, { person, ownWords }: Entered, password: string) =>
  passwordProblemOf(c, password, [...ownWords.map(({ name }) => name), person.email, person.name ?? ''])

async function newPassword(password: string) {
  const { secret, secretHash } = await newSession()
  return { secret, secretHash, mailId: crypto.randomUUID(), passwordHash: await hashPassword(password) }
}

async function changed(c: Context<AppEnv>, { secret, mailId }: Awaited<ReturnType<typeof newPassword>>, notice: Notice) {
  await setSessionCookie(c, secret)
  note(c, { event: 'authn_password_change' })
  post(c.env, c.executionCtx, [mailId])
  return redirectWith(c, '/account', { notice })
}

type Guess = { allowed: { hits: number }[]; blocked: { until: number | null }[]; now: number }

function waitOf({ allowed, blocked, now }: Guess) {
  if (allowed.length > 0) return undefined
  return { field: 'current', problem: 'too_many_tries', retryAt: blocked[0]?.until ?? now } as const
}
