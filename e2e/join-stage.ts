import { expect, uniqueAddress } from './app.ts'
import { sql } from './database.ts'
import { linkTo } from './mail.ts'
import { ACME } from './paths.ts'
import { admin, andThen, go, type Open, refusedAt } from './stage.ts'

/** The page of a link that was just made, and what it leads to. */
const made = (approval: 'Not needed' | 'An admin approves each person') =>
  andThen(admin(ACME.newJoinLink), async (page) => {
    await page.getByLabel('Name (optional)').fill('New starters in March')
    await page.getByRole('radio', { name: approval }).check()
    await page.getByRole('button', { name: 'Create link' }).click()
    await expect(page.getByLabel('Link', { exact: true })).toBeVisible()
  })

/** The page of the link in the hands of somebody else. */
const held =
  (approval: Parameters<typeof made>[0]): Open =>
  async (visit) => {
    const page = await made(approval)(visit)
    const url = await page.getByLabel('Link', { exact: true }).inputValue()
    return go(await visit.visitor(), url)
  }

const sent = (approval: Parameters<typeof made>[0], email: string) =>
  andThen(held(approval), async (page) => {
    await page.getByLabel('Email address').fill(email)
    await page.getByRole('button', { name: 'Email me a link' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your email')
  })

const emailed =
  (approval: Parameters<typeof made>[0]): Open =>
  async (visit) => {
    const email = uniqueAddress('ines')
    const page = await sent(approval, email)(visit)
    return go(page, await linkTo(visit.request, email))
  }

/** Somebody waits who never asked: the page of requests needs no more. */
const waiting =
  (path: (id: string) => string): Open =>
  async (visit) => {
    await made('An admin approves each person')(visit)
    const [id, email] = [crypto.randomUUID(), uniqueAddress('kit')]
    await sql(
      visit.request,
      `INSERT INTO join_requests (id, tenant_id, link_id, email, email_key, name, created_at)
       SELECT ?1, 'acme', id, ?2, ?2, 'Kit Moran', ?3 FROM join_links WHERE tenant_id = 'acme' ORDER BY created_at DESC LIMIT 1`,
      id,
      email,
      `${Date.now()}`,
    )
    return admin(path(id))(visit)
  }

export const JOINING: Record<string, Open> = {
  'join links': admin(ACME.joinLinks),
  'join link, new': admin(ACME.newJoinLink),
  'join link, refused': andThen(admin(ACME.newJoinLink), async (page) => {
    await page.getByLabel('How many people can use it').fill('0')
    await page.getByRole('button', { name: 'Create link' }).click()
    await refusedAt(page, 'How many people can use it')
  }),
  'join link, just made': made('Not needed'),
  'join link, whom to disable': andThen(made('Not needed'), async (page) => {
    await page.getByRole('link', { name: 'Turn off and disable people' }).click()
    await expect(page.getByLabel('Joined since (UTC)')).toBeVisible()
  }),
  join: held('Not needed'),
  'join, sent': sent('Not needed', uniqueAddress('ivo')),
  'join, emailed': emailed('Not needed'),
  'join, asked': emailed('An admin approves each person'),
  'join, waiting': andThen(emailed('An admin approves each person'), async (page) => {
    await page.getByLabel('Your name').fill('Ines Roth')
    await page.getByRole('button', { name: 'Ask to join Acme' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Waiting for approval')
  }),
  requests: waiting(() => ACME.requests),
  request: waiting(ACME.request),
}
