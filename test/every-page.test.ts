import { expect, it } from 'vitest'
import assets from '../views/assets.json'
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

let passkeyForms = 0

it.each(getters)(
  '%s loads the script of passkeys where it asks for one and nowhere else, and says what is missing without it',
  async (name) => {
    const page = await pageOf(name)
    const forms = page.match(/<form[^>]* data-passkey="[\s\S]*?<\/form>/g) ?? []
    passkeyForms += forms.length

    expect(page.includes(assets.passkeys)).toBe(forms.length > 0)
    for (const form of forms) expect(form).toMatch(/This browser does not support passkeys\..*<noscript>.*Passkeys need JavaScript/)
  },
)

it('there are forms for passkeys', () => {
  expect(passkeyForms).toBeGreaterThanOrEqual(4)
})

it.each(getters.filter((name) => ['user', 'admin'].includes(routeNamed(name).by)))(
  '%s has a button that signs out',
  async (name) => {
    const page = await pageOf(name)
    if (page) expect(page).toContain('action="/logout"')
  },
)

/** Nothing where the answer is no page, but leads to one or is a file. */
async function pageOf(name: string) {
  const answer = await call(await callerOf(name), name, { path: await pathOf(name) })
  const isPage = answer.headers.get('Content-Type')?.startsWith('text/html')
  return answer.status === 200 && isPage ? answer.text() : ''
}

/** A form says `post`, or its fields go into the URL. */
const FORM_BY_URL = /<form(?![^>]* method="post")[\s\S]*?<\/form>/g
const TYPED = /<textarea[^>]*>|<input(?![^>]* type="(?:search|date|datetime-local|hidden|checkbox|radio)")[^>]*>/g
/** The filters are a form by URL themselves; of the second factor a choice and a number are asked about, which nobody may not read. */
const INCLUDED = / hx-include="(?!#filters"|#second-factor )[^"]*"/

it.each(getters)('%s puts nothing that somebody types into a URL, but what they search for', async (name) => {
  const page = await pageOf(name)
  const byUrl = [...page.matchAll(FORM_BY_URL)].flatMap(([form]) => form.match(TYPED) ?? [])
  const byHtmx = page.match(TYPED)?.filter((field) => field.includes(' hx-get=')) ?? []

  expect([...byUrl, ...byHtmx]).toEqual([])
  expect(page).not.toMatch(INCLUDED)
})
