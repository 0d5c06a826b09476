import { expect, it } from 'vitest'
import { agents } from './agent'

it('the page that a seeded agent opens names it, and there is none for others', async () => {
  const page = await agents.request('/agents/release-notes')
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<h2>Release Notes opens here</h2>')])
  expect((await agents.request('/agents/nobody')).status).toBe(404)
})
