import { env as bindings } from 'cloudflare:workers'
import { resetPassword } from '../../src/models/identity/password-reset'
import { KEEP_ALL } from '../../src/models/identity/take-over'
import { accept, type Joining } from '../../src/models/invitations/acceptance'
import { decline } from '../../src/models/invitations/decline'
import { forgotPassword } from '../../src/models/invitations/forgotten'
import { renew } from '../../src/models/invitations/renewal'
import { typed } from '../cast'
import * as accounts from './accounts'
import { type Action, by, type Choice, inWord, NOTHING, oneOf, type Plan, reasonOf } from './action'
import * as invitations from './invitations'
import { BOB, CAT, type Life, type Link, userAt } from './life'

/** `copy`: one that was handed over, where there is any. */
export type Which = Choice<'open' | 'returning' | 'any'> & { copy: boolean }

/** Of those that work, mostly; `returning`: of somebody who was here before. */
const POOLS = {
  any: () => true,
  open: (_: Life, { state }: Link) => state === 'open',
  returning: (life: Life, { state, person }: Link) => state === 'open' && life.left.has(person.key),
}

/** What the holder of a link does, in the tab of the newest mail or in one that has been open for long. */
const withLink = (words: string, { of, back, copy }: Which, plan: (life: Life, link: Link, jti: string) => Plan): Action => ({
  words: `link, ${copy ? 'copied of ' : ''}${of} ${back}: ${words}`,
  plan(life) {
    const pool = life.links.filter((link) => POOLS[of](life, link))
    const copied = pool.filter((link) => copy && link.copied)
    const link = oneOf(copied.length ? copied : pool, life.links, back)
    return link ? plan(life, link, (copy && link.copied) || link.jti) : NOTHING
  },
})

const hashEnding = (end: string) => bindings.TEST_PASSWORD_HASH.replace(/.{4}$/, end)
const NEW_HASH = hashEnding('newA')

/** `as they can`: whoever has a proven account joins with it, and whoever has none, or an unproven one, sets a password. */
export type How = 'as they can' | 'with a password' | 'with their account' | 'over their account' | "with Bob's account"

export const accepts = (which: Which, how: How) =>
  withLink(`accept ${how}`, which, (life, link, jti) => {
    const as = joining(life, link, how)
    return {
      effects: [() => invitations.accept(life, link, as, jti === link.jti)],
      act: async (db) => inWord(await accept(by(life, db), jti, inRow(as))),
    }
  })

function joining(life: Life, { person }: Link, how: How): invitations.Joins {
  const account = userAt(life, how === "with Bob's account" ? BOB : person.key)
  const [userId, hash] = [account?.id ?? 'nobody', NEW_HASH]
  if (how === 'with a password') return { hash }
  if (how === 'over their account') return { userId, hash }
  if (how !== 'as they can' || account?.proven) return { userId }
  return account ? { userId, hash } : { hash }
}

function inRow(as: invitations.Joins): Joining {
  if (!('hash' in as)) return as
  const { hash: passwordHash, ...account } = as
  return 'userId' in account ? { ...account, ...KEEP_ALL, passwordHash, name: null } : { passwordHash, name: null }
}

export const declines = (which: Which, never: boolean) =>
  withLink(never ? 'decline for good' : 'decline', which, (life, link, jti) => ({
    effects: [() => invitations.decline(life, link, never)],
    act: async (db) => inWord(await decline(by(life, db), jti, { never })),
  }))

export const renews = (which: Which) =>
  withLink('ask for a fresh one', which, (life, link, jti) => ({
    effects: [() => invitations.renew(life, link)],
    act: async (db) => reasonOf(await renew(by(life, db), jti)),
  }))

/** From an IP address of its own, so that only the address is limited. `waiting`: somebody who has an account and an invitation, if anybody has. */
export const forgets = (whose: string, ip: string): Action => ({
  words: `${whose}: forgot my password`,
  plan(life) {
    const waiting = life.people.filter(({ status, key }) => status === 'pending' && userAt(life, key))
    const key = whose === 'waiting' ? (waiting.at(-1)?.key ?? CAT) : whose
    let passes = false
    const tries = () => {
      passes = accounts.tryForgot(life, key)
      return 'done'
    }
    const mails = () => {
      if (passes) accounts.mailForgot(life, key)
      return 'done'
    }
    return {
      effects: [tries, mails],
      async act(db) {
        const act = by(life, db)
        return reasonOf(await forgotPassword({ ...act, by: { ...act.by, ip } }, typed(key)))
      },
    }
  },
})

/** Not by Cat: her other workspace keeps a record of it. */
export const resets = ({ of, back }: Choice<'open' | 'any'>, end: string): Action => ({
  words: `reset link, ${of} ${back}: set a password`,
  plan(life) {
    const all = life.resets.filter(({ key }) => key !== CAT)
    const open = all.filter(({ state }) => state === 'open')
    const link = oneOf(of === 'open' ? open : [], all, back)
    if (!link) return NOTHING
    const passwordHash = hashEnding(end)
    return {
      effects: [() => accounts.reset(life, link, passwordHash)],
      act: async (db) => inWord(await resetPassword(by(life, db), link.jti, { passwordHash, mailId: crypto.randomUUID() })),
    }
  },
})
