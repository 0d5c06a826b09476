import { expect, vi } from 'vitest'
import { run } from '../database'
import * as doing from './doing'
import type { Policy, Workspace } from './model'
import * as rules from './model'
import { type At, browserAt, nextPassword, personAt, type Step, type Who } from './step'

export const resets = (at: At, who: Who): Step => ({
  words: `browser ${at}: person ${who} resets the password`,
  async take(model) {
    const [browser, person, password] = [browserAt(model, at), personAt(model, who), nextPassword()]
    expect(await doing.resetPassword(browser.client, person.email, password)).toBe(true)
    person.password = password
    browser.session = undefined
    rules.endSessions(model, person)
    rules.endHalves(model, person)
  },
})

export const signsOut = (at: At): Step => ({
  words: `browser ${at}: signs out`,
  async take(model) {
    const browser = browserAt(model, at)
    await browser.client.post('/logout')
    browser.session = undefined
  },
})

export const asks = (workspace: Workspace, policy: Policy, graceDays: number): Step => ({
  words: `${workspace} asks ${policy}, with ${graceDays} days of grace`,
  async take(model) {
    model.workspaces[workspace] = { policy, at: model.now, graceDays }
    await run(
      'UPDATE tenants SET factor_policy = ?, factor_policy_at = ?, factor_grace_days = ? WHERE id = ?',
      ...[policy, model.now, graceDays, workspace],
    )
  },
})

export const becomes = (who: Who, nth: number, role: 'admin' | 'user'): Step => ({
  words: `person ${who} becomes ${role} of their workspace ${nth}`,
  async take(model) {
    const person = personAt(model, who)
    const membership = person.memberships[nth % person.memberships.length]
    if (!membership) return
    membership.role = role
    await run('UPDATE members SET role = ? WHERE user_id = ? AND tenant_id = ?', role, person.id, membership.workspace)
  },
})

export const waits = (ms: number): Step => ({
  words: `${ms / 1000} s go by`,
  async take(model) {
    model.now += ms
    vi.setSystemTime(model.now)
  },
})
