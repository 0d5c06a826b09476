import { expect } from 'vitest'
import type { Client } from '../client'
import * as doing from './doing'
import type { Model, Person, Session } from './model'
import * as rules from './model'
import { type At, likely, nextPassword, type Step, stepAt } from './step'

/** What the account page lets somebody do: `allowed` besides being signed in, with what is asked for, and with a fresh proof. */
type Change<T> = {
  may?: typeof rules.mayChange
  allowed: (person: Person) => boolean
  real: (client: Client, person: Person) => Promise<T | undefined>
  came: (session: Session, made: T) => void
}

async function changes<T>(model: Model, at: At, { may = rules.mayChange, allowed, real, came }: Change<T>) {
  const browser = likely(model, at, (each) => may(model, each))
  const person = browser.session?.person
  if (!person) return
  const session = may(model, browser)
  const made = await real(browser.client, person)
  expect(made !== undefined).toBe(session !== undefined && allowed(person))
  if (made === undefined || !session) return
  session.seenAt = model.now
  came(session, made)
}

/** The very first is set up here only where nobody asks for one. */
const mayAdd = (model: Model) => (person: Person) => rules.factorsOf(person) > 0 || rules.askingOf(model, person).length === 0

export const addsApp = (at: At): Step => ({
  words: `browser ${at}: sets up an app`,
  take: (model) =>
    changes(model, at, {
      allowed: mayAdd(model),
      real: (client) => doing.addApp(client, model.now),
      came(session, { secret, codes }) {
        const { person } = session
        added(model, session, codes, rules.factorsOf(person) === 0 || person.app !== undefined)
        person.app = { secret, step: stepAt(model.now) }
      },
    }),
})

export const addsPasskey = (at: At): Step => ({
  words: `browser ${at}: makes a passkey`,
  take: (model) =>
    changes(model, at, {
      allowed: mayAdd(model),
      real: doing.addPasskey,
      came(session, { passkey, codes }) {
        added(model, session, codes, rules.factorsOf(session.person) === 0)
        session.person.passkeys.push(passkey)
      },
    }),
})

/** Before the person has it. */
function added(model: Model, session: Session, codes: string[], ends: boolean) {
  const { person } = session
  expect(codes).toHaveLength(rules.factorsOf(person) === 0 ? 10 : 0)
  if (codes.length > 0) person.codes = codes
  session.factorAt = model.now
  if (ends) rules.endSessions(model, person, session)
}

export const removes = (at: At, nth: number): Step => ({
  words: `browser ${at}: removes factor ${nth}`,
  take: (model) =>
    changes(model, at, {
      allowed: (person) => rules.factorsOf(person) > 0 && rules.mayRemove(model, person),
      async real(client, { app, passkeys }) {
        const factors = [...(app ? ['app'] : []), ...passkeys.map(({ id }) => id)]
        const factor = factors[nth % Math.max(factors.length, 1)]
        return factor && (await doing.removeFactor(client, factor)) ? factor : undefined
      },
      came(session, factor) {
        const { person } = session
        if (factor === 'app') person.app = undefined
        person.passkeys = person.passkeys.filter(({ id }) => id !== factor)
        rules.removed(model, session)
      },
    }),
})

export const makesCodes = (at: At): Step => ({
  words: `browser ${at}: makes new recovery codes`,
  take: (model) =>
    changes(model, at, {
      allowed: (person) => rules.factorsOf(person) > 0,
      real: doing.newCodes,
      came({ person }, codes) {
        person.used.push(...person.codes)
        person.codes = codes
      },
    }),
})

export const changesPassword = (at: At): Step => ({
  words: `browser ${at}: changes the password`,
  take: (model) =>
    changes(model, at, {
      may: rules.mayChangePassword,
      allowed: () => true,
      real: (client, { password }) => doing.changePassword(client, password, nextPassword()),
      came(session, password) {
        session.person.password = password
        rules.endSessions(model, session.person, session)
        rules.endHalves(model, session.person)
      },
    }),
})
