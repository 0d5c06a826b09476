import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { browserOf } from '../../../views/identity/browser'
import { FactorLinkPage, FactorLinkSpentPage, factorLinkTitle } from '../../../views/identity/factor-link'
import { FactorSetUpPage } from '../../../views/identity/factor-set-up'
import { RecoveryCodesPage } from '../../../views/identity/recovery-codes'
import type { TotpCodeProblem } from '../../../views/identity/totp-setup'
import type { AppEnv } from '../../env'
import { browserHash, keptBrowser } from '../../http/browser-cookie'
import { unchecked } from '../../http/door'
import { readForm } from '../../http/forms'
import { forgetLink, type Link, linkInCookie, linkInForm } from '../../http/link'
import { linkPage } from '../../http/link-page'
import { note, noteAccount } from '../../http/log'
import { noLink } from '../../http/no-link'
import { originOf } from '../../http/origin'
import { sessionCookie } from '../../http/session-cookie'
import { enterWith } from '../../http/signed-in'
import { tooMany } from '../../http/throttle'
import { shownSetup } from '../../http/totp-setup'
import { isUsed, noteUsed } from '../../http/used-tokens'
import { post } from '../../mail/queue'
import type { NewFactor } from '../../models/identity/add-factor'
import { type Challenge, makeChallenge, takeChallenge } from '../../models/identity/challenge'
import { type FactorLink, factorLinkOf, toFactorLink } from '../../models/identity/factor-link'
import { givePassword, type PasswordRefused, passwordGiven } from '../../models/identity/factor-link-password'
import { registrationOptions, verifyRegistration } from '../../models/identity/passkey'
import { readAttestation } from '../../models/identity/passkey-response'
import { newTotpSetup, openSetup, provenTotp, type TotpSetup } from '../../models/identity/totp-setup'
import { useFactorLink } from '../../models/identity/use-factor-link'
import { factorLinkPaths } from '../../paths'

const PURPOSE = 'factor_link'
const TOKEN = { token: v.optional(v.string()) }

/** Where an emailed link leads: the password first, and then a second factor. Nothing changes before there is one. */
export const factorLink = new Hono<AppEnv>()

const opened = linkPage(PURPOSE, async (c, link) => {
  if (await isUsed(c, PURPOSE, link.jti)) return spent(c, 'used')
  const act = unchecked(c)
  const [row] = await factorLinkOf(act, link.jti)
  return answer(c, link, row && toFactorLink(row, act.now))
})
factorLink.get('/', opened)
factorLink.get('/:link', opened)

factorLink.post('/:link', async (c) => {
  const { token, password } = await readForm(c, { ...TOKEN, password: v.string() })
  const link = await linkInForm(c, PURPOSE, token)
  if (!link) return noLink(c)
  if (await isUsed(c, PURPOSE, link.jti)) return spent(c, 'used')
  const act = unchecked(c)
  const asking = { browser: await browserHash(c), ip: originOf(c).ip, keepBrowser: () => keptBrowser(c) }
  const result = await givePassword(act, link.jti, password, asking)
  if (result.link) await noteAccount(c, result.link.email)
  if ('signIn' in result) {
    note(c, { event: 'authn_login_second_factor', user: result.link?.userId })
    return c.redirect(factorLinkPaths(link.name).setUp(result.signIn), 303)
  }
  if (result.link?.state !== 'open') return answer(c, link, result.link)
  return refusePassword(c, link, result, act.now)
})

function refusePassword(c: Context<AppEnv>, opened: Link, { link, refusal }: PasswordRefused, now: number) {
  const wrong = refusal.reason === 'wrong'
  note(c, { event: wrong ? 'authn_login_fail' : 'authn_login_fail_max', reason: refusal.reason, factor: 'password' })
  if (refusal.reason === 'too_many_tries') tooMany(c, refusal.retryAt, now)
  else c.status(422)
  return answer(c, opened, link, { refusal, now })
}

factorLink.get('/:link/set-up/:signIn', async (c) => {
  const link = await linkInCookie(c, PURPOSE)
  if (!link) return noLink(c, { lost: true })
  const found = await find(c, link, c.req.param('signIn'))
  return found.open ? show(c, found.open, newTotpSetup()) : answer(c, link, found.link, { over: true })
})

factorLink.post('/:link/authenticator-app', async (c) => {
  const form = await readForm(c, { ...TOKEN, sign_in: v.string(), setup: v.string(), code: v.optional(v.string(), '') })
  const link = await linkInForm(c, PURPOSE, form.token)
  if (!link) return noLink(c)
  const found = await find(c, link, form.sign_in)
  if (!found.open) return over(c, link, found.link)
  const { userId } = found.open.link
  const setup = await openSetup(c.env.TOTP_KEYS, { userId, holder: link.name }, form.setup, Date.now())
  if (!setup) return refuse(c, found.open, newTotpSetup(), 'over')
  const app = await provenTotp(c.env.TOTP_KEYS, { userId, secret: setup.secret }, form.code, Date.now())
  return 'problem' in app ? refuse(c, found.open, setup, app.problem) : finish(c, found.open, app)
})

/** What a new passkey is to sign, for the script of the page. Where there can be none, the answer to the form says why. */
factorLink.post('/:link/passkey/options', async (c) => {
  const { token, sign_in } = await readForm(c, { ...TOKEN, sign_in: v.string() })
  const link = await linkInForm(c, PURPOSE, token)
  const { open } = link ? await find(c, link, sign_in) : { open: undefined }
  if (!open?.browser) return c.body(null, 409)
  const challenge = await makeChallenge(unchecked(c), { purpose: 'register', holder: open.browser })
  return c.json(await registrationOptions(c.env, challenge, { ...open.link, id: open.link.userId }))
})

factorLink.post('/:link/passkey', async (c) => {
  const form = await readForm(c, { ...TOKEN, sign_in: v.string(), response: v.optional(v.string(), '') })
  const link = await linkInForm(c, PURPOSE, form.token)
  if (!link) return noLink(c)
  const made = readAttestation(form.response)
  const challenge = { challenge: made?.challenge ?? '', purpose: 'register', holder: (await browserHash(c)) ?? '' } as const
  const found = await find(c, link, form.sign_in, challenge)
  if (!found.open) return over(c, link, found.link)
  const passkey = made && (await verifyRegistration(c.env, made, found.taken))
  if (!passkey) return refuse(c, found.open, newTotpSetup(), 'not_made')
  return finish(c, found.open, { ...passkey, name: browserOf(originOf(c).userAgent) })
})

factorLink.all('/:link/*', (c) => noLink(c))

type Open = { opened: Link; link: FactorLink; signIn: string; browser: string | undefined }
type Found = { link: FactorLink | undefined; open: Open | undefined; taken: Taken | undefined }
type Taken = { challenge: string }

/** The link, and whether its password was given in this browser. */
async function find(c: Context<AppEnv>, opened: Link, signIn: string, challenge?: Challenge): Promise<Found> {
  const [act, browser] = [unchecked(c), await browserHash(c)]
  const given = { signIn, browser }
  const [[row], [proven], taken] = await act.db.batch([
    factorLinkOf(act, opened.jti),
    passwordGiven(act, opened.jti, given),
    ...(challenge ? [takeChallenge(act.db, challenge, act.now)] : []),
  ])
  const link = row && toFactorLink(row, act.now)
  const isOpen = link?.state === 'open' && proven !== undefined
  return { link, open: isOpen ? { opened, link, ...given } : undefined, taken: taken?.[0] }
}

/** One batch decides; whoever comes second reads how it is now. */
async function finish(c: Context<AppEnv>, { opened, link, signIn, browser }: Open, factor: NewFactor) {
  const act = unchecked(c)
  const done = await useFactorLink(act, { link, factor, signIn, browser, from: originOf(c), former: await sessionCookie(c) })
  if (!done) {
    const [row] = await factorLinkOf(act, opened.jti)
    return over(c, opened, row && toFactorLink(row, act.now))
  }
  await enterWith(c, { ...done, factor: factor.kind })
  post(c.env, c.executionCtx, done.mailIds)
  noteUsed(c, PURPOSE, opened.jti, link.expiresAt, act.now)
  forgetLink(c, opened)
  return c.render(<RecoveryCodesPage codes={done.codes} email={link.email} next="/" now={act.now} />, { title: 'Recovery codes' })
}

type Told = Pick<Parameters<typeof FactorLinkPage>[0], 'refusal' | 'over' | 'now'>

/** The page of the first step, or why there is none. */
function answer(c: Context<AppEnv>, { name, token }: Link, link: FactorLink | undefined, told: Told = {}) {
  if (!link) return noLink(c, { gone: true })
  if (link.state !== 'open') return spent(c, link.state)
  const form = { action: factorLinkPaths(name).page, token }
  return c.render(<FactorLinkPage link={link} form={form} {...told} />, { title: factorLinkTitle(link) })
}

function over(c: Context<AppEnv>, opened: Link, link: FactorLink | undefined) {
  c.status(409)
  return answer(c, opened, link, { over: true })
}

function spent(c: Context<AppEnv>, state: Exclude<FactorLink['state'], 'open'>) {
  c.status(410)
  return c.render(<FactorLinkSpentPage state={state} />, { title: 'This link cannot be used' })
}

type Problem = TotpCodeProblem | 'over' | 'not_made'

function refuse(c: Context<AppEnv>, open: Open, setup: TotpSetup, problem: Problem) {
  c.status(problem === 'over' ? 409 : 422)
  return show(c, open, setup, problem)
}

async function show(c: Context<AppEnv>, { opened, link, signIn }: Open, setup: TotpSetup, problem?: Problem) {
  const { userId, email } = link
  const app = await shownSetup(c.env, { userId, holder: opened.name, email }, setup, Date.now())
  const form = { paths: factorLinkPaths(opened.name), token: opened.token, signIn }
  return c.render(<FactorSetUpPage link={link} form={form} app={app} problem={problem} />, { title: factorLinkTitle(link) })
}
