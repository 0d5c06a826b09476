import { expect, it } from 'vitest'
import { signedIn } from './client'
import { facts } from './database'
import { wordsOf } from './late'
import { posters, routeNamed } from './routes'

type Fields = Record<string, string>

/** Everything that an admin does to a person, from the route table: each form carries the status that its page showed. */
const CHANGES = posters.filter((name) => /^\/w\/:workspace\/access\/users\/:id\/[\w-]+$/.test(routeNamed(name).pattern))
const PEOPLE = { pending: 'pia', active: 'bob', disabled: 'dov' } as const
type Status = keyof typeof PEOPLE
const STATUSES = Object.keys(PEOPLE) as Status[]

const MORE: Record<string, Fields> = {
  role: { role: 'admin' },
  address: { email: 'pia.new@acme.test' },
  preset: { preset: '' },
  'end-date': { until: '2099-12-31' },
}
const changeOf = (name: string) => routeNamed(name).pattern.split('/').at(-1) ?? ''
const pathTo = (id: string, name: string) => `/w/acme/access/users/${id}/${changeOf(name)}`

/** The forms of an invitation stand only on the page of somebody pending. */
const shownBy = (name: string) => (['resend', 'address', 'copy-link'].includes(changeOf(name)) ? (['pending'] as const) : STATUSES)

const STALE = CHANGES.flatMap((name) =>
  shownBy(name).flatMap((shown) => STATUSES.filter((is) => is !== shown).map((is) => [name, shown, is] as const)),
)

it('there are forms to try', () => expect(CHANGES.map(changeOf).toSorted()).toEqual(EVERY_CHANGE))
const EVERY_CHANGE = [
  'address',
  'copy-link',
  'delete',
  'disable',
  'enable',
  'end-date',
  'preset',
  'preset',
  'resend',
  'reset-factor',
  'role',
  'sign-out',
]

it.each(STALE)('%s of a page that showed somebody %s who is %s changes nothing, and says how it is', async (name, shown, is) => {
  const ada = await signedIn('ada')
  const before = await facts()
  for (const htmx of [false, true]) {
    const answer = await ada.post(pathTo(PEOPLE[is], name), { state: shown, ...MORE[changeOf(name)] }, { htmx })
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('role="alert"')
  }
  expect(await facts()).toEqual(before)
})

it.each(CHANGES)('%s of somebody who was deleted meanwhile says who did it, and never that there is no such page', async (name) => {
  const [ada, ben] = [await signedIn('ada'), await signedIn('ada')]
  const state = shownBy(name).at(-1) ?? 'active'
  await ben.post(`/w/acme/access/users/${PEOPLE[state]}/delete`, { state })
  const before = await facts()
  const answer = await ada.post(pathTo(PEOPLE[state], name), { state, ...MORE[changeOf(name)] })

  expect(answer.status).toBe(409)
  expect(wordsOf(await answer.text())).toMatch(/You (deleted|cancelled)/)
  expect(await facts()).toEqual(before)
})

it('what an admin typed is kept when the person is no longer pending', async () => {
  const ada = await signedIn('ada')
  const answer = await ada.post('/w/acme/access/users/bob/address', { state: 'pending', email: 'robert@acme.test' })
  expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('robert@acme.test')])
})
