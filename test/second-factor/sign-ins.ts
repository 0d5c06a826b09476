import { expect } from 'vitest'
import { codeFor } from '../authenticator-apps'
import * as doing from './doing'
import type { Browser, Model, Person } from './model'
import * as rules from './model'
import { type At, browserAt, likely, personAt, type Step, stepAt, type Who } from './step'
import { waits } from './world'

export const signsIn = (at: At, who: Who, right: boolean): Step => ({
  words: `browser ${at}: person ${who} gives ${right ? 'their' : 'a wrong'} password`,
  async take(model) {
    const [browser, person] = [browserAt(model, at), personAt(model, who)]
    const begun = await doing.signIn(browser.client, person.email, right ? person.password : 'a wrong pass phrase')
    const wanted = !right ? 'no' : rules.factorsOf(person) > 0 ? 'half' : 'in'
    expect(typeof begun === 'object' ? 'half' : begun).toBe(wanted)
    if (wanted === 'in') rules.begin(model, browser, person, 0)
    if (typeof begun === 'object') browser.half = { id: begun.half, person, until: model.now + 5 * 60_000, tries: 0 }
  },
})

export type Code = 'app' | 'recovery' | 'used' | 'wrong'

/** What somebody types; `right` says whether it proves anything, and `use` uses it up. */
function codeOf({ now }: Model, person: Person, kind: Code) {
  const { app, codes, used } = person
  if (kind === 'app' && app) {
    const code = codeFor(app.secret, now)
    const use = () => Object.assign(app, { step: stepAt(now) })
    return { code, right: stepAt(now) > app.step, use }
  }
  const [code] = kind === 'recovery' ? codes : used
  if (kind === 'recovery' && code) return { code, right: true, use: () => used.push(...codes.splice(0, 1)) }
  return { code: (kind === 'used' && code) || 'not-a-code', right: false, use: () => undefined }
}

/** `here`: in the browser whose sign-in it is, or in the other one. */
export const givesCode = (at: At, kind: Code, here: boolean): Step => ({
  words: `browser ${at}: gives ${kind} code for its sign-in${here ? '' : ' in the other browser'}`,
  async take(model) {
    const origin = likely(model, at, ({ half }) => half)
    const browser = here ? origin : browserAt(model, model.browsers.indexOf(origin) + 1)
    if (!origin.half) return
    const half = here ? rules.halfOf(model, origin) : undefined
    const { code, right, use } = codeOf(model, origin.half.person, kind)
    const worked = await doing.giveCode(browser.client, origin.half.id, code)
    expect(worked).toBe(half !== undefined && right)
    if (worked) {
      rules.begin(model, browser, origin.half.person, model.now)
      browser.half = undefined
      use()
    } else if (half) half.tries++
  },
})

/** By an app where they have one, a step after the last. */
export const signsInWholly = (at: At, who: Who): Step => ({
  words: `browser ${at}: person ${who} signs in by password and app`,
  async take(model) {
    const [browser, person] = [browserAt(model, at), personAt(model, who)]
    await signsIn(at, who, true).take(model)
    if (browser.half?.person !== person || !person.app) return
    await waits(31_000).take(model)
    await givesCode(model.browsers.indexOf(browser), 'app', true).take({ ...model, browsers: [browser] })
  },
})

export const usesPasskey = (at: At, who: Who, nth: number, misuse: doing.Misuse): Step => ({
  words: `browser ${at}: person ${who} signs in with passkey ${nth}${misuse === 'none' ? '' : `, by ${misuse}`}`,
  async take(model) {
    const [browser, person] = [browserAt(model, at), personAt(model, who)]
    const passkey = person.passkeys[nth % Math.max(person.passkeys.length, 1)]
    if (!passkey) return
    const worked = await doing.signInByPasskey(browser.client, passkey, misuse, browserAt(model, at + 1).client)
    expect(worked).toBe(misuse === 'none')
    if (worked) rules.begin(model, browser, person, model.now)
  },
})

export const confirms = (at: At, kind: Code | 'password' | 'passkey'): Step => ({
  words: `browser ${at}: confirms by ${kind}`,
  async take(model) {
    const browser = likely(model, at, (each) => rules.sessionOf(model, each))
    const session = rules.sessionOf(model, browser)
    if (!session) return
    const { person } = session
    const { worked, right, use } = await confirmBy(model, browser, person, kind)
    expect(worked).toBe(right)
    if (!right) return
    use()
    Object.assign(session, { provedAt: model.now, seenAt: model.now, ...(kind === 'password' ? {} : { factorAt: model.now }) })
  },
})

const NOTHING = () => undefined

async function confirmBy(model: Model, { client }: Browser, person: Person, kind: Code | 'password' | 'passkey') {
  const has = rules.factorsOf(person) > 0
  if (kind === 'password') return { worked: await doing.confirm(client, { password: person.password }), right: !has, use: NOTHING }
  if (kind === 'passkey') {
    const [passkey] = person.passkeys
    return passkey
      ? { worked: await doing.confirmByPasskey(client, passkey), right: true, use: NOTHING }
      : { worked: false, right: false, use: NOTHING }
  }
  const { code, right, use } = codeOf(model, person, kind)
  return { worked: await doing.confirm(client, { code }), right: has && right, use }
}
