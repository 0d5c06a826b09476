import type { Db } from '../../src/db/connect'
import type { AgentMode, Role } from '../../src/models/access/access'
import { setAgents } from '../../src/models/access/agent-access'
import { type SectionAccess, setSections } from '../../src/models/access/permission'
import type { SectionSlug } from '../../src/models/access/section'
import type { Actor } from '../../src/models/activity/activity'
import { cancel, invite } from '../../src/models/invitations/invite'
import { changeAddress, resend } from '../../src/models/invitations/resend'
import { changeRole, disable, enable, remove } from '../../src/models/members/membership'
import type { Viewer } from '../../src/models/members/viewer'
import { actorFor, NO_CAPS, typed } from '../cast'
import { type Action, type Choice, inWord, NOTHING, nth, oneOf, reasonOf } from './action'
import { activeAdmins, type Life, type Person } from './life'
import * as spec from './members'
import { ADA, BEN, enter, NELL } from './world'

type Deed = {
  effect: (life: Life, target: Person, by: string) => string
  act: (db: Db, by: Viewer, actor: Actor, target: string, now: number) => Promise<string>
}

const ONCE_ADMINS = [ADA, BEN, NELL]

/** Mostly somebody who is an admin now, or else somebody who has the page open from when they were. */
const keyOf = (life: Life, admin: number) =>
  (admin < ONCE_ADMINS.length ? ONCE_ADMINS[admin] : nth(activeAdmins(life), admin)?.key) ?? ADA

export type Whom = Choice<'pending' | 'active' | 'disabled' | 'admins' | 'seen'>

function personOf(life: Life, { of, back }: Whom) {
  if (of === 'admins') return nth(activeAdmins(life), back)
  return oneOf(of === 'seen' ? [] : life.people.filter(({ status }) => status === of), life.seen, back)
}

/** What an admin does to somebody whom they have seen, who may be somebody else by now, or nobody. */
const toMember = (words: string, admin: number, whom: Whom, { effect, act }: Deed): Action => ({
  words: `admin ${admin}: ${words}, ${whom.of} ${whom.back}`,
  plan(life, world) {
    const target = personOf(life, whom)
    if (!target) return NOTHING
    const key = keyOf(life, admin)
    const away = spec.turnedAway(life, key)
    return {
      effects: away ? [] : [() => effect(life, target, key)],
      otherwise: away ?? '',
      async act(db) {
        const by = await enter(life, world, key)
        return typeof by === 'string' ? by : act(db, by, actorFor(by), target.id, life.now)
      },
    }
  },
})

export type Draft = Pick<Person, 'key' | 'role' | 'mode' | 'agents' | 'sections'>

/** The draft stands in for the target, who does not exist yet. */
export const invites = (admin: number, draft: Draft): Action =>
  toMember(
    `invite ${JSON.stringify(draft)}`,
    admin,
    { of: 'seen', back: 0 },
    {
      effect: (life) => spec.invite(life, structuredClone(draft)),
      act: async (db, by, actor, _, now) => {
        const { key, role, mode, agents, sections } = draft
        const wanted = { address: typed(key), role, note: null, overrides: sections, agentMode: mode, agentIds: agents }
        return reasonOf(await invite(db, by, actor, wanted, NO_CAPS, now))
      },
    },
  )

export const resends = (admin: number, whom: Whom) =>
  toMember('resend', admin, whom, {
    effect: (life, target) => spec.resend(life, target),
    act: async (db, by, actor, id, now) => reasonOf(await resend(db, by, actor, id, NO_CAPS, now)),
  })

export const fixes = (admin: number, whom: Whom, key: string) =>
  toMember(`send to ${key} instead`, admin, whom, {
    effect: (life, target) => spec.changeAddress(life, target, key),
    act: async (db, by, actor, id, now) => reasonOf(await changeAddress(db, by, actor, id, typed(key), NO_CAPS, now)),
  })

const CHANGES = {
  cancel: { effect: spec.cancel, act: cancel },
  disable: { effect: spec.disable, act: disable },
  enable: { effect: spec.enable, act: enable },
}

export const changes = (admin: number, whom: Whom, name: keyof typeof CHANGES) =>
  toMember(name, admin, whom, {
    effect: CHANGES[name].effect,
    act: async (...deed) => inWord(await CHANGES[name].act(...deed)),
  })

export const deletes = (admin: number, whom: Whom) =>
  toMember('delete', admin, whom, {
    effect: spec.remove,
    act: async (...deed) => inWord(await remove(...deed)),
  })

export const makes = (admin: number, whom: Whom, role: Role) =>
  toMember(`make ${role}`, admin, whom, {
    effect: (life, target) => spec.changeRole(life, target, role),
    act: async (db, by, actor, id, now) => inWord(await changeRole(db, by, actor, id, role, now)),
  })

export const setsSection = (admin: number, whom: Whom, section: SectionSlug, access: SectionAccess) =>
  toMember(`section ${section} ${access}`, admin, whom, {
    effect: (life, target) => spec.setSection(life, target, section, access),
    act: async (db, by, actor, member, now) => reasonOf(await setSections(db, by, actor, [{ member, section, access }], now)),
  })

export const setsAgents = (admin: number, whom: Whom, mode: AgentMode, agents: string[]) =>
  toMember(`agents ${mode} ${agents}`, admin, whom, {
    effect: (life, target) => spec.setAgents(life, target, mode, agents),
    act: async (db, by, actor, id, now) => reasonOf(await setAgents(db, by, actor, id, { mode, agents }, now)),
  })
