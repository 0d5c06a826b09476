import { describe, expect, it } from 'vitest'
import { keyOf } from '../src/models/core/address'
import { Browser } from './browser'
import { signedIn } from './client'
import { all, dump, linkIn, run } from './database'
import { browserOf } from './no-javascript/browsers'

const PASSWORD = 'plum teapot orbit canyon'
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const INVITE = '/w/acme/access/invitations/new'

/** Each as somebody types or pastes it, and the address that it is. */
const TAKEN: [string, string][] = [
  ['jürgen@six.example', 'jürgen@six.example'],
  ['zoe@bücher.example', 'zoe@bücher.example'],
  ["o'neil+agents@two.example", "o'neil+agents@two.example"],
  ['\u202aann@two.example\u202c', 'ann@two.example'],
  ['ｂｅｎ@two.example', 'ben@two.example'],
  ['"Marsh, Zoe" <z@two.example>', 'z@two.example'],
  ['mailto:mia@two.example', 'mia@two.example'],
]

it.each(TAKEN)('%s is invited as %s, signs in, and is sent a new password, each time as it was pasted', async (pasted, email) => {
  const [ada, guest] = [await browserOf('ada'), new Browser()]
  await ada.open(INVITE)
  ada.fill('Email address', pasted)
  await ada.press('Send Invite')
  expect(ada.notice).toContain(`Invitation sent to ${email}.`)
  await guest.open(await linkIn(keyOf(email)))
  guest.fill('Your name', 'Zoe Marsh')
  guest.fill('Password', PASSWORD)
  await guest.press('Set My Password')
  guest.fill('Email address', pasted)
  await guest.enter('Password', PASSWORD)
  expect(guest.title).toBe('Agents')

  const other = new Browser()
  await other.open('/forgot-password')
  other.fill('Email address', pasted)
  await other.press('Email me a link')
  expect(other.title).toBe('Check your email')
  expect(await all("SELECT to_email FROM mails WHERE kind = 'password_reset'")).toEqual([{ to_email: email }])
})

describe('an address that was probably meant otherwise', () => {
  it('is filled in with one press, and then sent', async () => {
    const ada = await browserOf('ada')
    await ada.open(INVITE)
    ada.fill('Email address', 'o’brien@two.example')
    ada.check('Tenant Admin')
    await ada.press('Send Invite')
    expect(ada.status).toBe(422)
    expect(ada.describes('Email address')).toContain("Did you mean o'brien@two.example?")
    await ada.press("Use o'brien@two.example")
    expect([ada.status, ada.valueOf('Email address')]).toEqual([200, "o'brien@two.example"])
    await ada.press('Send Invite')
    expect(await all("SELECT email, role FROM members WHERE status = 'pending' AND id <> 'pia'")).toEqual([
      { email: "o'brien@two.example", role: 'admin' },
    ])
  })

  it('is kept by whoever sends it again', async () => {
    const ada = await browserOf('ada')
    await ada.open(INVITE)
    ada.fill('Email address', 'zoe@gmial.com')
    await ada.press('Send Invite')
    await ada.press('Send Invite')
    expect(ada.notice).toContain('Invitation sent to zoe@gmial.com.')
  })

  it('is offered where an invitation goes to another address', async () => {
    const ada = await browserOf('ada')
    await ada.open('/w/acme/access/users/pia')
    ada.fill('Email address', 'pia@gmial.com')
    await ada.press('Correct and resend')
    expect(ada.describes('Email address')).toContain('Did you mean pia@gmail.com?')
    await ada.press('Use pia@gmail.com')
    expect(ada.valueOf('Email address')).toBe('pia@gmail.com')
    await run('UPDATE mails SET created_at = 1')
    await ada.press('Correct and resend')
    expect(await all("SELECT email FROM members WHERE id = 'pia'")).toEqual([{ email: 'pia@gmail.com' }])
  })

  it('is offered where a password was forgotten, and nothing is sent meanwhile', async () => {
    const [bob, before] = [new Browser(), await dump()]
    await bob.open('/forgot-password')
    bob.fill('Email address', 'bob@gmail.con')
    await bob.press('Email me a link')
    await bob.press('Use bob@gmail.com')
    expect([bob.status, bob.valueOf('Email address')]).toEqual([200, 'bob@gmail.com'])
    expect(await dump()).toEqual(before)
  })

  it('is said at a sign-in that failed, whether anybody has it or not', async () => {
    const bob = new Browser()
    await bob.open('/login')
    bob.fill('Email address', 'o’brien@two.example')
    await bob.enter('Password', PASSWORD)
    expect(bob.describes('Email address')).toBe("Did you mean o'brien@two.example?")
  })
})

it.each([
  ['', 'Enter an email address.'],
  ['z@acme.test, y@acme.test', 'Enter one email address at a time.'],
  ['zoe marsh@acme.test', 'An email address cannot contain spaces.'],
  [`${'z'.repeat(65)}@acme.test`, 'That is too long for an email address.'],
  ['%ED%A0%80a@acme.test', 'That does not look like an email address.'],
])('%j is refused with a sentence of its own, and nothing is written', async (email, sentence) => {
  const [ada, before] = [await signedIn('ada'), await dump()]
  const body = `email=${email.startsWith('%') ? email : encodeURIComponent(email)}&role=user`
  const answer = await ada.send('POST', '/w/acme/access/invitations', body, { headers: FORM })
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain(sentence)
  expect(await dump()).toEqual(before)
})

it.each(['/login', '/forgot-password', INVITE, '/w/acme/access/users/pia'])(
  'no field of %s lets a browser judge an address',
  async (path) => {
    const html = await (await (await signedIn('ada')).get(path)).text()
    const field = html.match(/<input[^>]*name="email"[^>]*>/)?.[0] ?? ''
    for (const part of ['type="text"', 'inputmode="email"', 'autocapitalize="none"', 'spellcheck="false"'])
      expect(field).toContain(part)
    expect(html).not.toContain('type="email"')
  },
)
