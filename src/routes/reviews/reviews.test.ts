import { beforeEach, describe, expect, it } from 'vitest'
import { bobAsAdmin, type Client, signedIn } from '../../../test/client'
import { all, one, run } from '../../../test/database'
import { formIn } from '../../../test/form'
import { people } from '../../../test/people'

const REVIEWS = '/w/acme/access/reviews'
const ID = '0f9a3c1e-5b0e-4a57-9a3f-6d1f0c2b7a11'
const REVIEW = `${REVIEWS}/${ID}`

let ada: Client
beforeEach(async () => {
  ada = await signedIn('ada')
})

const start = (fields = {}) => ada.post(REVIEWS, { id: ID, ...fields })
const page = async (path = REVIEW, client = ada) => (await client.get(path)).text()
const verdicts = () => all('SELECT member_id, verdict FROM review_people ORDER BY place')

describe('a review', () => {
  it('is started by the form of its page, and then is in the list', async () => {
    const fields = formIn(await page(REVIEWS), REVIEWS)
    const answer = await ada.post(REVIEWS, fields)
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, `${REVIEWS}/${fields.id}`])
    expect(await page(REVIEWS)).toContain('Everyone: 4')
    expect(await page(REVIEWS)).toContain('4 not decided')
  })

  it('of long ago is on a later page of the list', async () => {
    const CREATED = `INSERT INTO reviews (tenant_id, id, state, started_at, started_by)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) SELECT 'acme', printf('r-%02d', i), 'finished', i / 2, 'ada' FROM n`
    await run(CREATED)
    const seen: string[][] = []
    for (let path: string | undefined = REVIEWS; path; ) {
      const html = await page(path)
      seen.push([...html.matchAll(/reviews\/(r-\d\d)"/g)].map(([, id = '']) => id))
      path = html.match(/href="([^"]+cursor=[^"]*)"/)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(seen.map(({ length }) => length)).toEqual([25, 25, 10])
    expect(new Set(seen.flat()).size).toBe(60)
  })

  it.each([{ id: 'x' }, { role: 'boss' }, { status: 'happy' }])('is not started by a form like %j', async (fields) => {
    expect((await start(fields)).status).toBe(400)
  })

  it('is paged in the order of addresses, there and back, and filtered by decision', async () => {
    await people(120)
    await start()
    const first = await page()
    expect(first.match(/id="person-\d+"/g)).toHaveLength(50)
    expect(first).toContain('1 to 50 of 124')
    const next = first.match(/href="([^"]+cursor=50[^"]*)"/)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = await page(next)
    expect(second.match(/id="person-\d+"/g)?.[0]).toBe('id="person-51"')
    expect(second).toContain('51 to 100 of 124')
    await ada.post(REVIEW, { do: 'remove 3' })
    expect((await page(`${REVIEW}?verdict=remove`)).match(/id="person-\d+"/g)).toEqual(['id="person-3"'])
  })
})

describe('a decision', () => {
  it('is about one row, the ticked rows, or the rest of a page', async () => {
    await start()
    await ada.post(REVIEW, { do: 'remove 2', row: ['1', '3'] })
    expect((await verdicts()).map(({ verdict }) => verdict)).toEqual(['undecided', 'remove', 'undecided', 'undecided'])
    await ada.post(REVIEW, { do: 'keep', row: ['1', '2'] })
    expect((await verdicts()).map(({ verdict }) => verdict)).toEqual(['keep', 'keep', 'undecided', 'undecided'])
    await ada.post(REVIEW, { do: 'remove', row: ['1'] })
    await ada.post(REVIEW, { do: 'rest 1-4' })
    expect((await verdicts()).map(({ verdict }) => verdict)).toEqual(['remove', 'keep', 'keep', 'keep'])
  })

  it('leads back to the part of the page where it was given, which says whose it is', async () => {
    await start()
    const from = `${REVIEW}?verdict=undecided`
    const answer = await ada.post(REVIEW, { do: 'keep 2' }, { headers: { Referer: `https://latchkey.test${from}` } })
    expect(answer.headers.get('Location')).toBe(from)
    await (await bobAsAdmin()).post(REVIEW, { do: 'remove 2' })
    expect(await page()).toMatch(/By Bob Okafor/)
  })

  it.each([{ do: 'drop 1' }, { do: 'keep', row: ['x'] }, {}])('is not a form like %j', async (fields) => {
    await start()
    expect((await ada.post(REVIEW, fields)).status).toBe(400)
  })

  it('on a finished review is answered by the page as it is now', async () => {
    await start()
    await ada.post(`${REVIEW}/finish`, { removes: '0' })
    const late = await ada.post(REVIEW, { do: 'remove 2' })
    expect(late.status).toBe(409)
    expect(await late.text()).toContain('This review is not open any more. Nothing was changed.')
    expect((await verdicts()).every(({ verdict }) => verdict === 'undecided')).toBe(true)
  })
})

describe('finishing', () => {
  it('is asked with the numbers and the names, and done by the form of that page', async () => {
    await start()
    await ada.post(REVIEW, { do: 'remove 2' })
    const question = await page(`${REVIEW}/finish`)
    expect(question).toContain('0 stay, 1 will be removed, 3 not decided.')
    expect(question).toContain('Bob Okafor')
    const answer = await ada.post(`${REVIEW}/finish`, formIn(question, `${REVIEW}/finish`))
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, REVIEW])
    expect(await one("SELECT id FROM members WHERE id = 'bob'")).toBeUndefined()
    const kinds = await all("SELECT kind FROM activity WHERE kind IN ('deleted', 'review_finished') ORDER BY kind")
    expect(kinds.map(({ kind }) => kind)).toEqual(['deleted', 'review_finished'])
    expect(await page('/w/acme/access/activity?kind=review_finished')).toContain('Removed: 1')
  })

  it('is asked anew where somebody has decided since', async () => {
    await start()
    await ada.post(REVIEW, { do: 'remove 2' })
    const fields = formIn(await page(`${REVIEW}/finish`), `${REVIEW}/finish`)
    await ada.post(REVIEW, { do: 'remove 3' })
    const late = await ada.post(`${REVIEW}/finish`, fields)
    expect(late.status).toBe(409)
    const question = await late.text()
    expect(question).toContain('decided something since')
    expect(question).toContain('remove 2 people?')
    expect(await one("SELECT id FROM members WHERE id = 'bob'")).toBeDefined()
  })

  it('is asked anew where as many others are to be removed by now', async () => {
    await start()
    await ada.post(REVIEW, { do: 'remove 2' })
    const fields = formIn(await page(`${REVIEW}/finish`), `${REVIEW}/finish`)
    await ada.post(REVIEW, { do: 'keep 2' })
    await ada.post(REVIEW, { do: 'remove 3' })
    expect((await ada.post(`${REVIEW}/finish`, fields)).status).toBe(409)
    expect(await one("SELECT id FROM members WHERE id = 'dov'")).toBeDefined()
  })

  it('that somebody else has done is answered by the record, which says whose it is', async () => {
    await start()
    const fields = formIn(await page(`${REVIEW}/finish`), `${REVIEW}/finish`)
    await (await bobAsAdmin()).post(`${REVIEW}/finish`, { removes: '0' })
    const late = await ada.post(`${REVIEW}/finish`, fields)
    const text = await late.text()
    expect([late.status, text]).toEqual([
      409,
      expect.stringContaining('Bob Okafor has finished this review in the meantime. Nothing was changed.'),
    ])
    expect(text).not.toContain(`action="${REVIEW}/finish"`)
  })

  it('lists who was left, and why', async () => {
    await start()
    await ada.post(REVIEW, { do: 'remove', row: ['1', '2'] })
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    await ada.post(`${REVIEW}/finish`, formIn(await page(`${REVIEW}/finish`), `${REVIEW}/finish`))
    const left = await page(`${REVIEW}?verdict=left`)
    expect(left).toContain('Left: whoever finishes a review stays')
    expect(left).toContain('Left: role, status, access or address changed after the review was started')
  })
})

it('while a job is at it, the page shows how far it has come', async () => {
  await start()
  await run(
    "INSERT INTO jobs (id, tenant_id, admin_id, kind, spec, total, created_at) VALUES ('j', 'acme', 'ada', 'review', '{}', 2000, 1)",
  )
  await run("UPDATE reviews SET state = 'preparing', job_id = 'j'")
  expect(await page()).toMatch(/<h3>Listing people<\/h3>.*4 of 2,000/s)
  await run("UPDATE jobs SET state = 'failed', finished_at = 1")
  expect(await page()).toContain('Start another review.')
})
