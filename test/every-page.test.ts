import { expect, it } from 'vitest'
import { call, callerOf, getters, pathOf, routeNamed } from './routes'

const PASSWORD_FIELD = /<input[^>]* name="(?:password|current)"[^>]*>/g
let passwordFields = 0

it.each(getters)(
  '%s masks each field for a password, names it for password managers, and cuts nothing off what is pasted',
  async (name) => {
    for (const [field] of (await pageOf(name)).matchAll(PASSWORD_FIELD)) {
      passwordFields++
      expect(field).toContain('type="password"')
      expect(field).toMatch(/ autocomplete="(current|new)-password"/)
      expect(field).not.toMatch(/ (maxlength|on\w+)=/)
    }
  },
)

it('there are fields for passwords', () => {
  expect(passwordFields).toBeGreaterThanOrEqual(5)
})

it.each(getters.filter((name) => ['user', 'admin'].includes(routeNamed(name).by)))(
  '%s has a button that signs out',
  async (name) => {
    const page = await pageOf(name)
    if (page) expect(page).toContain('action="/logout"')
  },
)

/** Nothing where the answer is no page, but leads to one. */
async function pageOf(name: string) {
  const answer = await call(await callerOf(name), name, { path: await pathOf(name) })
  return answer.status === 200 ? answer.text() : ''
}
