import type { AgentMode, Role } from '../../src/models/access/access'
import { setAgent, setAgents } from '../../src/models/access/agent-access'
import { type SectionAccess, setSections } from '../../src/models/access/permission'
import type { SectionSlug } from '../../src/models/access/section'
import type { MemberAct } from '../../src/models/core/act'
import { changeAddress } from '../../src/models/invitations/address-change'
import { cancel } from '../../src/models/invitations/cancel'
import { copyLink } from '../../src/models/invitations/copy-link'
import { invite } from '../../src/models/invitations/invite'
import { resend } from '../../src/models/invitations/resend'
import { changeRole, disable, enable, remove, setEnd, signOutHere } from '../../src/models/members/membership'
import type { Viewer } from '../../src/models/members/viewer'
import { undo } from '../../src/models/undo/undo'
import { actOf, NO_CAPS, typed } from '../cast'
import { type Action, type Choice, inWord, NOTHING, nth, oneOf, type Plan, reasonOf } from './action'
import { turnedAway, turnedAwayFromAccess, visit } from './doors'
import * as invitations from './invitations'
import { activeAdmins, type Life, type Person, type Session, statusAt } from './life'
import type { Shown, Wanted } from './members'
import * as members from './members'
import { press } from './undos'
import { ADA, BEN, enter, NELL, type SignIn, sessionOf, type World } from './world'

/** Who, and behind which session. */
export type Admin = { who: number; signIn: SignIn }

type Deed = {
  effect: (life: Life, target: Person, by: string, session: Session) => string
  act: (act: MemberAct, target: Person, viewer: Viewer) => Promise<string>
}

const ONCE_ADMINS = [ADA, BEN, NELL]

/** Mostly somebody who is an admin now, or else somebody who has the page open from when they were. */
const keyOf = (life: Life, who: number) => (who < ONCE_ADMINS.length ? ONCE_ADMINS[who] : nth(activeAdmins(life), who)?.key) ?? ADA

export type Whom = Choice<'pending' | 'active' | 'disabled' | 'ended' | 'admins' | 'inside' | 'seen'>

const isInside = (life: Life, { user }: Person) =>
  life.sessions.some((session) => session.key === user && !turnedAway(life, session))

function personOf(life: Life, { of, back }: Whom) {
  if (of === 'admins') return nth(activeAdmins(life), back)
  if (of === 'inside')
    return nth(
      life.people.filter((person) => isInside(life, person)),
      back,
    )
  return oneOf(of === 'seen' ? [] : life.people.filter((person) => statusAt(life, person) === of), life.seen, back)
}

type Doing = { effect: (session: Session) => string; act: (act: MemberAct, viewer: Viewer) => Promise<string> }

/** What somebody does in Access Management, or what its door says to them. */
function behindTheDoor(life: Life, world: World, by: { key: string; signIn: SignIn }, { effect, act }: Doing): Plan {
  const session = sessionOf(life, by.key, by.signIn)
  const away = turnedAwayFromAccess(life, session)
  if (session) visit(life, session)
  return {
    effects: away || !session ? [] : [() => effect(session)],
    otherwise: away ?? '',
    async act(db) {
      const viewer = await enter(life, world, session)
      return typeof viewer === 'string' ? viewer : act({ ...actOf(viewer, life.now), db }, viewer)
    },
  }
}

/** Anybody who has an account looks in, be they let in or not. */
export const looksIn = (key: string, signIn: SignIn): Action => ({
  words: `${key}, ${signIn} session: look in`,
  plan(life, world) {
    const { act, otherwise } = behindTheDoor(life, world, { key, signIn }, { effect: () => '', act: async () => 'in' })
    return { act, effects: [], otherwise: otherwise || 'in' }
  },
})

/** What an admin does to somebody whom they have seen, who may be somebody else by now, or nobody. */
const toMember = (
  words: string,
  { who, signIn }: Admin,
  whom: Whom,
  deed: Deed | ((life: Life, target: Person) => Deed),
): Action => ({
  words: `admin ${who}, ${signIn} session: ${words}, ${whom.of} ${whom.back}`,
  plan(life, world) {
    const target = personOf(life, whom)
    if (!target) return NOTHING
    const key = keyOf(life, who)
    const { effect, act } = typeof deed === 'function' ? deed(life, target) : deed
    return behindTheDoor(
      life,
      world,
      { key, signIn },
      { effect: (session) => effect(life, target, key, session), act: (by, viewer) => act(by, target, viewer) },
    )
  },
})

/** Mostly by the admin who made the change. */
export const undoes = ({ who, signIn }: Admin, back: number): Action => ({
  words: `admin ${who}, ${signIn} session: undo ${back}`,
  plan(life, world) {
    const change = nth(
      life.undos.filter(({ id }) => id),
      back,
    )
    if (!change) return NOTHING
    const key = who < ONCE_ADMINS.length ? keyOf(life, who) : change.by.key
    return behindTheDoor(
      life,
      world,
      { key, signIn },
      {
        effect: () => press(life, change, key),
        async act(by) {
          const undone = await undo(by, { id: change.id, kind: change.kind, adminId: change.by.id, expiresAt: 0, undoneAt: null })
          return 'reason' in undone ? undone.reason : undone.restored > 0 ? 'restored' : 'left'
        },
      },
    )
  },
})

export type Draft = Pick<Person, 'key' | 'role' | 'mode' | 'agents' | 'sections'>

/** The draft takes the place of the target, who does not exist yet. */
export const invites = (admin: Admin, draft: Draft): Action =>
  toMember(
    `invite ${JSON.stringify(draft)}`,
    admin,
    { of: 'seen', back: 0 },
    {
      effect: (life) => invitations.invite(life, structuredClone(draft)),
      act: async (act) => {
        const { key, role, mode, agents, sections } = draft
        const wanted = { address: typed(key), role, note: null, overrides: sections, agentMode: mode, agentIds: agents }
        return reasonOf(await invite(act, wanted, NO_CAPS))
      },
    },
  )

/** Somebody who went, if anybody did. */
export const invitesBack = (admin: Admin, back: number, draft: Draft): Action => ({
  words: `admin ${admin.who}, ${admin.signIn} session: invite back ${back} who went, or ${JSON.stringify(draft)}`,
  plan(life, world) {
    const key = nth([...life.left.keys()], back) ?? draft.key
    return invites(admin, { ...draft, key }).plan(life, world)
  },
})

export const resends = (admin: Admin, whom: Whom) =>
  toMember('resend', admin, whom, {
    effect: invitations.resend,
    act: async (act, { id }) => reasonOf(await resend(act, id, NO_CAPS)),
  })

export const fixes = (admin: Admin, whom: Whom, key: string) =>
  toMember(`send to ${key} instead`, admin, whom, {
    effect: (life, target) => invitations.changeAddress(life, target, key),
    act: async (act, { id }) => reasonOf(await changeAddress(act, id, typed(key), NO_CAPS)),
  })

export const copies = (admin: Admin, whom: Whom) =>
  toMember('copy the link', admin, whom, {
    effect: (life, target, _, session) => invitations.copyLink(life, target, session),
    act: async (act, { id }, viewer) => reasonOf(await copyLink(act, id, viewer)),
  })

export const cancels = (admin: Admin, whom: Whom) =>
  toMember('cancel', admin, whom, {
    effect: invitations.cancel,
    act: async (act, { id }) => inWord(await cancel(act, id)),
  })

const CHANGES = {
  disable: { effect: members.disable, act: disable },
  enable: { effect: members.enable, act: enable },
  delete: { effect: members.remove, act: remove },
  'sign out of here': { effect: members.signOutHere, act: signOutHere },
}

/** `now`: the page shows them as they are. */
export type Page = Shown | 'now'
const shownOn = (life: Life, page: Page, person: Person): Shown => (page === 'now' ? statusAt(life, person) : page)

export const changes = (admin: Admin, whom: Whom, page: Page, name: keyof typeof CHANGES) =>
  toMember(`${name}, shown as ${page}`, admin, whom, (life, target) => {
    const state = shownOn(life, page, target)
    return {
      effect: (life, target, by) => CHANGES[name].effect(life, target, by, state),
      act: async (act, { id }) => reasonOf(await CHANGES[name].act(act, { id, state })),
    }
  })

export const makes = (admin: Admin, whom: Whom, page: Page, role: Role) =>
  toMember(`make ${role}, shown as ${page}`, admin, whom, (life, target) => {
    const state = shownOn(life, page, target)
    return {
      effect: (life, target, by) => members.changeRole(life, target, by, state, role),
      act: async (act, { id }) => reasonOf(await changeRole(act, { id, state, role })),
    }
  })

/** `inMs`: from now on; null clears it. */
export const setsEnd = (admin: Admin, whom: Whom, page: Page, inMs: number | null) =>
  toMember(`end in ${inMs}, shown as ${page}`, admin, whom, (life, target) => {
    const [state, endsAt] = [shownOn(life, page, target), inMs === null ? null : life.now + inMs]
    return {
      effect: (life, target, by) => members.setEnd(life, target, by, state, endsAt),
      act: async (act, { id }) => reasonOf(await setEnd(act, { id, state, endsAt })),
    }
  })

export const setsSection = (admin: Admin, whom: Whom, section: SectionSlug, access: SectionAccess) =>
  toMember(`section ${section} ${access}`, admin, whom, {
    effect: (life, target, by) => members.setSection(life, target, by, section, access),
    async act(act, { id: member }) {
      const set = await setSections(act, [{ member, section, access }])
      return 'reason' in set ? set.reason : (set.left[0]?.reason ?? 'done')
    },
  })

export const setsAgents = (admin: Admin, whom: Whom, mode: AgentMode, agents: Wanted) =>
  toMember(`agents ${mode} ${agents}`, admin, whom, {
    effect: (life, target, by) => members.setAgents(life, target, by, mode, agents),
    act: async (act, { id: member }) => reasonOf(await setAgents(act, { member, mode, agents })),
  })

export const setsAgent = (admin: Admin, whom: Whom, agent: string, access: 'on' | 'off') =>
  toMember(`agent ${agent} ${access}`, admin, whom, {
    effect: (life, target, by) => members.setAgent(life, target, by, agent, access),
    act: async (act, { id: member }) => reasonOf(await setAgent(act, { member, agent, access })),
  })
