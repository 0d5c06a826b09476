import { env as bindings } from 'cloudflare:workers'
import { decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Access } from '../../views/words'
import { readEnv } from '../env'
import { type Keyring, letterOf } from '../models/identity/keyring'
import { jtiOf } from '../models/identity/token'
import { type AboutAccount, ACCOUNT_NEWS, type LetterContext } from '../models/mail/letter'
import { compose } from './compose'

const env = readEnv(bindings)
const NOW = Date.UTC(2026, 10, 22, 14, 5)
const HOUR_MS = 3_600_000
const link = { id: 'invitation-pia', jti: 'j'.repeat(43), iat: NOW, exp: NOW + 72 * HOUR_MS }
const access: Access = { role: 'user', sections: ['Agents', 'Traces'], agentMode: 'list', agentCount: 3 }
const INVITATION = {
  kind: 'invitation',
  link,
  workspace: { id: 'acme', name: 'Acme' },
  inviter: 'Ada Admin',
  answerTo: 'ada@acme.test',
  isAnew: false,
  asked: false,
  access,
  note: 'Welcome!\nSee you.',
  hasAccount: false,
} as const
const RESET = { kind: 'password_reset', link: { ...link, exp: NOW + HOUR_MS / 2 }, askedAt: NOW } as const
const NOTICE = {
  kind: 'notice',
  workspace: { id: 'acme', name: 'Acme' },
  notices: [{ kind: 'accepted', name: 'Pia Novak', email: 'pia@acme.test', at: NOW, memberId: 'pia' }],
  more: 0,
} as const satisfies LetterContext
const CHANGED = { kind: 'password_changed', changedAt: NOW, first: false } as const

const WHERE = { userAgent: 'Mozilla/5.0 (iPhone) Safari/605.1', ip: '198.51.100.24' }
const news = (kind: (typeof ACCOUNT_NEWS)[number], about: AboutAccount = {}) =>
  ({ kind, at: NOW, about: { ...WHERE, ...about } }) as const
const ENDING = { kind: 'ending', workspace: { id: 'acme', name: 'Acme' }, endsAt: Date.UTC(2027, 0, 1) } as const
const ENDINGS = {
  kind: 'endings' as const,
  workspace: { id: 'acme', name: 'Acme' },
  people: [{ name: 'Bob Okafor', email: 'bob@acme.test', endsAt: Date.UTC(2027, 0, 1), memberId: 'bob' }],
  more: 0,
}

const write = (letter: LetterContext) => compose(env, { id: 'mail-1', to: 'pia@acme.test' }, letter, NOW + 2000)
const invite = ({ workspace = 'Acme', ...change }: Partial<{ workspace: string; inviter: string; note: string | null }>) =>
  write({ ...INVITATION, workspace: { id: 'acme', name: workspace }, ...change })
const urlsOf = (text: string) => text.match(/https?:\/\/\S+/g) ?? []
const hrefsOf = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)

describe('an invitation', () => {
  it('names inviter and workspace in the subject', async () => {
    expect((await invite({})).subject).toBe('Ada Admin invited you to Acme')
  })

  it.each(['html', 'text'] as const)('says everything in its %s', async (part) => {
    const letter = await invite({})
    for (const fact of [
      'Ada Admin',
      'Acme',
      'Set My Password',
      'Tenant User',
      'Agents and Traces. 3 agents.',
      'Welcome!',
      'https://latchkey.test/login',
      'pia@acme.test',
    ])
      expect(letter[part]).toContain(fact)
    expect(letter[part]).toMatch(/[Ii]n 3 days, on Wednesday, 25 November 2026 at 14:05 UTC/)
    expect(letter[part]).toContain('because Ada Admin invited this address to Acme')
    expect(letter[part]).toContain('Ada Admin (ada@acme.test)')
  })

  it('carries the link of its row, on the button and in full as text', async () => {
    const { html, text } = await invite({})
    const url = urlsOf(text).find((one) => one.startsWith('https://latchkey.test/invitation?token=')) ?? ''
    const token = new URL(url).searchParams.get('token') ?? ''

    expect(await jtiOf(env.INVITATION_KEYS, 'invitation', token)).toBe(link.jti)
    expect(hrefsOf(html).filter((href) => href === url)).toHaveLength(2)
    expect(html).toContain(`>${url}</a>`)
  })

  it('is signed with the key of its minute', async () => {
    const [older] = env.INVITATION_KEYS
    const ring: Keyring = [older, { ...older, startsAt: NOW }]
    const kidAt = async (now: number) => {
      const { text } = await compose({ ...env, INVITATION_KEYS: ring }, { id: 'mail-1', to: 'pia@acme.test' }, INVITATION, now)
      return decodeProtectedHeader(text.match(/token=(\S+)/)?.[1] ?? '').kid
    }

    expect([await kidAt(NOW - 1), await kidAt(NOW)]).toEqual([older, { startsAt: NOW }].map(letterOf))
  })

  it('that is fresh says so, and nothing of earlier links, which work on until they expire', async () => {
    const { subject, html, text } = await write({ ...INVITATION, kind: 'fresh_invitation', access: { ...access, role: 'admin' } })

    expect(subject).toBe('Your fresh link: Ada Admin invited you to Acme')
    for (const part of [html, text]) {
      expect(part).toContain('Here is the link you asked for.')
      expect(part).not.toContain('no longer work')
      expect(part).toContain('Tenant Admin')
    }
  })

  it('of somebody who asked to join says that they were approved', async () => {
    const { subject, html, text } = await write({ ...INVITATION, asked: true })

    expect(subject).toBe('Ada Admin approved your request to join Acme')
    for (const part of [html, text]) {
      expect(part).toContain('Ada Admin approved your request to join the Acme workspace.')
      expect(part).toContain('because you asked to join Acme.')
      expect(part).not.toContain('invited this address')
    }
  })

  it('that is resent can be told from the first in a list of emails, and says that earlier links are dead', async () => {
    const { subject, html, text } = await write({ ...INVITATION, isAnew: true })

    expect(subject).toBe('New link: Ada Admin invited you to Acme')
    for (const part of [html, text]) {
      expect(part).toContain('Your new link to Acme')
      expect(part).toContain('Earlier links no longer work.')
    }
  })

  it('comes from its workspace, and its answer goes to the inviter', async () => {
    const { from, replyTo } = await invite({ workspace: 'Acme\r\nBcc: all' })

    expect(from).toEqual({ email: env.MAIL_FROM, name: expect.stringMatching(/^Acme [^\p{Cc}]* via Latchkey$/u) })
    expect(replyTo).toEqual({ email: 'ada@acme.test', name: 'Ada Admin' })
  })

  it('has nobody to answer to where nobody is', async () => {
    const { replyTo, text } = await write({ ...INVITATION, answerTo: null })

    expect(replyTo).toBeUndefined()
    expect(text).toContain('Invited by: Ada Admin\n')
  })

  it('that is a reminder says so, carries the link that is open, and says how long it works', async () => {
    const { subject, html, text } = await write({ ...INVITATION, kind: 'reminder', link: { ...link, exp: NOW + 48 * HOUR_MS } })

    expect(subject).toBe('Reminder: Ada Admin invited you to Acme')
    for (const part of [html, text]) {
      expect(part).toContain('Your invitation to Acme expires soon')
      expect(part).toContain('Your link expires in 2 days.')
      expect(part).toContain('This is the only reminder')
      expect(part).not.toContain('no longer work')
    }
    const token = new URL(urlsOf(text)[0] ?? '').searchParams.get('token') ?? ''
    expect(await jtiOf(env.INVITATION_KEYS, 'invitation', token)).toBe(link.jti)
  })

  it('to somebody who has an account is one to join, and speaks of no password', async () => {
    const { html, text } = await write({ ...INVITATION, hasAccount: true })

    for (const part of [html, text]) {
      expect(part).toContain('Join Acme')
      expect(part).toContain('Sign in with your existing account to join.')
      expect(part).not.toMatch(/password/i)
    }
  })

  it('without a note has no quotation', async () => {
    const { html, text } = await invite({ note: null })

    expect(html).not.toContain('<blockquote')
    expect(text).not.toContain('wrote:')
  })
})

describe('a password reset', () => {
  it('carries its link and says when it expires', async () => {
    const { subject, html, text } = await write(RESET)
    const token = new URL(urlsOf(text)[0] ?? '').searchParams.get('token') ?? ''

    expect(subject).toBe('Reset your Latchkey password')
    expect(await jtiOf(env.RESET_KEYS, 'password_reset', token)).toBe(link.jti)
    for (const part of [html, text]) {
      expect(part).toMatch(/[Ii]n 30 minutes, on Sunday, 22 November 2026 at 14:35 UTC/)
      expect(part).toContain('If it was not you, ignore it')
      expect(part).toMatch(/Requested.*Sunday, 22 November 2026 at 14:05 UTC/s)
    }
  })
})

describe('a notice of a changed password', () => {
  it('says when, and what to do if it was somebody else', async () => {
    const { subject, html, text } = await write(CHANGED)

    expect(subject).toBe('Your Latchkey password was changed')
    for (const part of [html, text]) {
      expect(part).toContain('Your password was changed, and')
      expect(part).toContain('Sunday, 22 November 2026 at 14:05 UTC')
      expect(part).toContain('https://latchkey.test/forgot-password')
    }
    expect(html + text).not.toContain('token=')
  })
})

describe('a notice of a first password', () => {
  it('says that one was set', async () => {
    const { subject, html, text } = await write({ ...CHANGED, first: true })

    expect(subject).toBe('Your Latchkey password was set')
    for (const part of [html, text]) {
      expect(part).toContain('Your account has a password now')
      expect(part).toContain('A password was set')
      expect(part).not.toContain('was changed')
    }
  })
})

describe('news of an account', () => {
  it.each(ACCOUNT_NEWS)('that says %s says when and where, and what to do if it was somebody else', async (kind) => {
    const { html, text } = await write(news(kind))

    for (const part of [html, text]) {
      for (const fact of ['Sunday, 22 November 2026 at 14:05 UTC', 'Safari on iOS', '198.51.100.24', 'If it was you'])
        expect(part).toContain(fact)
      for (const page of ['/account', '/forgot-password']) expect(part).toContain(`https://latchkey.test${page}`)
      for (const words of ['which ends every session', 'We send one whenever']) expect(part).toContain(words)
      expect(part).not.toContain('Name')
    }
    expect(html + text).not.toContain('token=')
  })

  it.each([
    ['factor_added', 'passkey', 'A passkey was added to your account', 'instead of your password'],
    ['factor_added', 'totp', 'An authenticator app was added to your account', 'a code from the app is asked for'],
    ['factor_added', undefined, 'A second factor was added to your account', 'a second factor is asked for'],
    ['factor_removed', 'passkey', 'A passkey was removed from your account', 'It no longer signs you in'],
    ['factor_removed', 'totp', 'An authenticator app was removed from your account', 'It no longer signs you in'],
    ['factor_was_reset', 'passkey', 'Your second factor was reset', 'A passkey took its place.'],
    ['factor_was_reset', 'totp', 'Your second factor was reset', 'An authenticator app took its place.'],
    ['recovery_codes_made', undefined, 'New recovery codes were made for your account', 'no longer work'],
    ['recovery_code_used', undefined, 'A recovery code for your account was used', 'It cannot be used again.'],
    ['new_browser', undefined, 'New sign-in to your account', 'a browser that we do not recognize'],
  ] as const)('says what %s means for %s', async (kind, factor, heading, words) => {
    const { subject, html, text } = await write(news(kind, factor && { factor, name: 'Phone https://evil.example/x' }))

    expect(subject).toBe(heading)
    for (const part of [html, text]) {
      expect(part).toContain(words)
      expect(part.includes('Phone')).toBe(factor !== undefined)
    }
    expect(subject + html + text).not.toContain('evil')
  })
})

describe('what is emailed where a second factor was lost', () => {
  const ASKED = { link, askedAt: NOW, workspace: 'Acme https://evil.example/x' } as const

  it('has a link, says who asked, what stays until it is used, and that the password is needed', async () => {
    const { subject, html, text } = await write({ kind: 'factor_reset', ...ASKED })

    expect(subject).toBe('Set up a new second factor')
    for (const part of [html, text]) {
      expect(part).toContain('An admin of Acme')
      expect(part).toContain('keep working until you have set up a new one')
      expect(part).toContain('You need your password for this.')
      expect(part).toContain('If you did not lose your second factor, ignore this email')
      expect(part).toMatch(/n 3 days, on Wednesday, 25 November 2026 at 14:05 UTC/)
      for (const path of ['second-factor?token=', 'forgot-password']) expect(part).toContain(`https://latchkey.test/${path}`)
    }
    expect(subject + html + text).not.toContain('evil')
  })

  it('by the operator says so', async () => {
    const { html, text } = await write({ kind: 'factor_reset', ...ASKED, workspace: null })
    for (const part of [html, text]) expect(part).toContain('The people who run Latchkey asked us to email you a link')
  })

  it.each([
    [true, 'only the people who run latchkey.test can reset it'],
    [false, 'you have no account yet'],
  ])('where no admin can help has no link and says whom to ask (%s)', async (hasAccount, words) => {
    const { subject, html, text } = await write({ kind: 'factor_reset_elsewhere', ...ASKED, hasAccount })

    expect(subject).toBe('Someone asked to reset your second factor')
    for (const part of [html, text])
      for (const fact of ['An admin of Acme', words, 'https://latchkey.test/login']) expect(part).toContain(fact)
    expect(html + text).not.toMatch(/token=|evil/)
  })
})

describe('a link for the first second factor', () => {
  it('says that its person asked for it, what it ends, and what it means if they did not', async () => {
    const { subject, html, text } = await write({ kind: 'factor_link', link, askedAt: NOW })

    expect(subject).toBe('Set up your second factor')
    for (const part of [html, text]) {
      expect(part).toContain('You asked for a link to set up a second factor')
      expect(part).toContain('Setting it up signs you out on all other devices.')
      expect(part).toContain('ignore this email and reset your password')
    }
  })
})

describe('a reminder of a second factor', () => {
  it.each([
    [NOW + 30 * 24 * HOUR_MS, 'You need a second factor for Acme from 22 Dec 2026', 'From 22 Dec 2026, you need a second factor'],
    [NOW, 'You need a second factor for Acme', 'You need a second factor in addition to your password'],
  ])('says from when on, and where to set one up (%#)', async (dueAt, heading, words) => {
    const workspace = { id: 'acme', name: 'Acme https://evil.example/x' }
    const { subject, html, text } = await write({ kind: 'factor_reminder', workspace, dueAt })

    expect(subject).toBe(heading)
    for (const part of [html, text])
      for (const fact of [words, 'to open Acme', 'https://latchkey.test/account/second-factor']) expect(part).toContain(fact)
    expect(subject + html + text).not.toContain('evil')
  })
})

describe('an answer to somebody who asked for access', () => {
  const workspace = { id: 'acme', name: 'Acme https://evil.example/x' }
  const app = { app: 'Traces https://evil.example/y', section: 'traces', agent: null }

  it.each([
    [app, '/w/acme/sections/traces'],
    [{ ...app, section: 'agents' }, '/w/acme/agents'],
    [{ ...app, section: null, agent: 'triage' }, '/w/acme/agents/triage'],
  ])('says what they can open now, and leads to it (%#)', async (about, path) => {
    const { subject, html, text } = await write({ kind: 'access_given', workspace, app: about })
    expect(subject).toBe('You now have access to Traces')
    for (const part of [html, text])
      for (const fact of [
        'An admin of the Acme workspace approved your request. You can now open Traces.',
        `https://latchkey.test${path}`,
      ])
        expect(part).toContain(fact)
    expect(subject + html + text).not.toContain('evil')
  })

  it('that was declined leads nowhere', async () => {
    const { subject, html, text } = await write({ kind: 'access_declined', workspace, app })
    expect(subject).toBe('Your request for access to Traces was declined')
    for (const part of [html, text])
      expect(part).toContain('An admin of the Acme workspace declined your request for access to Traces.')
    expect(html + text).not.toMatch(/sections|evil/)
  })
})

describe('a notice to the inviter', () => {
  const [PIA] = NOTICE.notices
  const NELL = { kind: 'bounced', name: null, email: 'nell@acme.test', at: NOW + HOUR_MS, memberId: 'nell' } as const

  it.each([
    [PIA, 'Pia Novak accepted the invitation to Acme'],
    [{ ...PIA, kind: 'declined', name: null, memberId: null }, 'pia@acme.test declined the invitation to Acme'],
    [NELL, 'nell@acme.test’s invitation to Acme did not arrive'],
    [{ ...NELL, kind: 'expired' }, 'nell@acme.test’s invitation to Acme expired'],
    [{ ...PIA, kind: 'access_asked', memberId: null, app: 'Traces' }, 'Pia Novak asks for access to Traces in Acme'],
  ] as const)('of one says in the subject what happened, and leads to the person while there is one (%#)', async (entry, words) => {
    const { subject, html, text } = await write({ ...NOTICE, notices: [entry] })

    expect(subject).toBe(words)
    const page = `https://latchkey.test/w/acme/access/users/${entry.memberId}`
    expect(hrefsOf(html).includes(page)).toBe(entry.memberId !== null)
    expect(text.includes(page)).toBe(entry.memberId !== null)
    for (const part of [html, text]) expect(part).toContain('https://latchkey.test/workspaces')
  })

  it('of several lists what happened to whom and when, newest last', async () => {
    const { subject, html, text } = await write({ ...NOTICE, notices: [PIA, NELL] })

    expect(subject).toBe('2 invitations to Acme changed')
    for (const part of [html, text]) {
      expect(part).toMatch(/Accepted.*Pia Novak.*14:05 UTC.*Bounced.*nell.*15:05 UTC/s)
      expect(part).not.toMatch(/And \d+ more/)
    }
  })

  it('of very many lists some and says how many more there are', async () => {
    const { subject, html, text } = await write({ ...NOTICE, more: 11 })

    expect(subject).toBe('12 invitations to Acme changed')
    for (const part of [html, text]) expect(part).toContain('And 11 more.')
  })

  it('makes no link of what somebody calls themselves', async () => {
    const named = { ...PIA, name: 'Pia https://evil.example/x\r\nBcc: all' }
    const { subject, html, text } = await write({ ...NOTICE, notices: [named, NELL] })

    expect((await write({ ...NOTICE, notices: [named] })).subject).toMatch(/^Pia [^\p{Cc}]*accepted the invitation to Acme$/u)
    expect(subject + html + text).not.toMatch(/evil/)
  })
})

describe('the end of a membership', () => {
  it('is told to the person, with its last day and what to do', async () => {
    const { subject, html, text } = await write(ENDING)
    expect(subject).toBe('Your access to Acme ends on 31 Dec 2026')
    for (const part of [html, text]) {
      expect(part).toContain('until the end of 31 Dec 2026 (UTC)')
      expect(part).toContain('ask one of its admins')
      expect(part).toContain('Friday, 1 January 2027 at 00:00 UTC')
    }
  })

  it('is told to an admin, with the person’s page', async () => {
    const { subject, html, text } = await write(ENDINGS)
    expect(subject).toBe('Bob Okafor’s access to Acme ends on 31 Dec 2026')
    for (const part of [html, text]) {
      expect(part).toContain('Bob Okafor (bob@acme.test)')
      expect(part).toContain('https://latchkey.test/w/acme/access/users/bob')
    }
  })

  it('of several is one subject, and says how many more there are', async () => {
    const { subject, text } = await write({ ...ENDINGS, more: 11 })
    expect(subject).toBe('12 people lose access to Acme within seven days')
    expect(text).toContain('And 11 more.')
  })
})

describe('every letter', () => {
  it('has a width, a background and room in Outlook for Windows, which knows neither max-width nor padding of links', async () => {
    const { html } = await invite({})

    expect(html).toMatch(/<!--\[if mso\]><table [^>]*width="520"[^>]*><tr><td><!\[endif\]-->/)
    expect(html).toMatch(/<td class="button" bgcolor="#\w{6}" style="[^"]*mso-padding-alt:11px 20px/)
    expect(html).toMatch(/<td class="paper pad" bgcolor="#ffffff"/)
  })

  it.each([
    INVITATION,
    { ...INVITATION, kind: 'reminder' } as const,
    NOTICE,
    RESET,
    CHANGED,
    ENDING,
    ENDINGS,
    ...ACCOUNT_NEWS.map((kind) => news(kind)),
    { kind: 'factor_reminder', workspace: { id: 'acme', name: 'Acme' }, dueAt: NOW + 30 * 24 * HOUR_MS } as const,
  ])('of kind $kind links only to us, and loads nothing', async (letter) => {
    const { html, text } = await write(letter)

    for (const url of [...hrefsOf(html), ...urlsOf(text)]) expect(url).toMatch(/^https:\/\/latchkey\.test\//)
    expect(html).not.toMatch(/<(img|script|iframe|form|link|object)\b|src=|url\(|@import|\son\w+=/i)
    expect(html.startsWith('<!doctype html><html lang="en">')).toBe(true)
    expect(html).not.toContain('\u2060')
  })
})

describe('hostile words', () => {
  it.each([
    { kind: 'factor_reminder', workspace: { id: 'acme', name: 'Acme.test' }, dueAt: NOW },
    { kind: 'access_given', workspace: { id: 'acme', name: 'Initech' }, app: { app: 'Acme.test', section: null, agent: 'a' } },
    { kind: 'factor_reset', link, askedAt: NOW, workspace: 'Acme.test' },
    { kind: 'factor_reset_elsewhere', askedAt: NOW, workspace: 'Acme.test', hasAccount: true },
    news('factor_added', { factor: 'passkey', name: 'Acme.test' }),
  ] as const)('become no link in an email of kind $kind', async (letter) => {
    const { html, text } = await write(letter)
    const body = html.slice(html.indexOf('<body'))

    expect(body.replaceAll(/<[^>]+>/g, '')).toContain('Acme.test')
    expect(body + text).not.toContain('Acme.test')
  })

  it('cannot add a header', async () => {
    const letter = await invite({ inviter: 'Ada\r\nBcc: everyone@acme.test', workspace: 'Acme\u2028\u0000\u0085Inc' })

    for (const header of [letter.subject, letter.from.name, letter.replyTo?.name])
      expect(header).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u)
  })

  it('cannot turn the text around', async () => {
    const { subject, html, text } = await invite({
      inviter: 'Ada\u202e nimdA',
      workspace: '\u2066Acme\u2069',
      note: 'a\u202eb\u200f',
    })

    expect(subject + html + text).not.toMatch(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/)
  })

  it('are text, not markup', async () => {
    const { html } = await invite({
      inviter: '<b>Ada</b>',
      workspace: '"><img src=x onerror=alert(1)>',
      note: '</p><script>alert(1)</script>',
    })

    expect(html).not.toMatch(/<b>|<img|<script/)
    expect(html).toContain('&lt;script&gt;')
  })

  it.each(['https://evil.example/win', 'www.evil.example', 'evil.example/win?a=b', 'javascript://x'])(
    'in a name lose the link %s',
    async (url) => {
      const { subject, html, text } = await invite({ workspace: `Acme ${url}`, inviter: `${url} Ada` })

      expect(subject).toBe('Ada invited you to Acme')
      expect(html + text).not.toContain('evil')
    },
  )

  it('that are nothing but a link leave a plain word', async () => {
    expect((await invite({ workspace: 'https://evil.example', inviter: 'www.evil.example' })).subject).toBe(
      'An admin invited you to a workspace',
    )
  })

  it('stay readable, but no mail program makes a link of them', async () => {
    const { subject, html, text } = await invite({
      workspace: 'Booking.com',
      note: 'See https://evil.example/x or https://you@evil.example or you@evil.example/x',
    })

    expect(subject).toBe('Ada Admin invited you to Booking.com')
    expect(html.replace(/<title>.*<\/title>/, '') + text).not.toMatch(/Booking\.com|evil\.example|https:\/\/(you@)?evil/)
    expect(html).toContain('Booking<span>.</span>com')
    expect(text.replaceAll('\u2060', '')).toContain('See https://evil.example/x')
  })

  it.each(['notice1@three.example', "o'neil+x@sub.acme.test", '(eve@evil.example).', 'z@bücher.example, y@x.example'])(
    'leave the addresses of "%s" as they are, to be copied',
    async (words) => {
      const { html, text } = await invite({ note: `Ask ${words}` })

      expect(html.replaceAll('&#39;', "'")).toContain(`Ask ${words}`)
      expect(text).toContain(`Ask ${words}`)
      expect(html).not.toContain('\u2060')
    },
  )

  it('in an address of a notice neither', async () => {
    const bounced = { kind: 'bounced', name: 'Nell', email: 'notice1@three.example', at: NOW, memberId: 'nell' } as const
    const { html, text } = await write({ ...NOTICE, notices: [bounced] })

    for (const part of [html, text]) expect(part).toContain('Nell (notice1@three.example)')
  })
})

it('a domain of other letters is shown in them, and mailed to and answered in ASCII', async () => {
  const [ascii, letters] = ['xn--bcher-kva.example', 'b\u00fccher.example']
  const notices = [
    { kind: 'bounced', name: null, email: `pia@${ascii}`, at: NOW, memberId: 'pia' },
    { kind: 'accepted', name: 'Zoe', email: `zoe@${ascii}`, at: NOW, memberId: 'zoe' },
  ] as const
  const to = `ada@${letters}`
  for (const letter of [
    await compose(env, { id: 'n', to }, { ...NOTICE, notices: [...notices] }, NOW),
    await compose(env, { id: 'o', to }, { ...NOTICE, notices: notices.slice(0, 1) }, NOW),
    await compose(env, { id: 'i', to }, { ...INVITATION, inviter: `bob@${ascii}`, answerTo: `bob@${letters}` }, NOW),
    await compose(env, { id: 'c', to }, CHANGED, NOW),
  ]) {
    expect(letter.to).toBe(`ada@${ascii}`)
    expect(letter.subject + letter.text + letter.html).not.toContain('xn--')
    expect(letter.text).toContain(`@${letters}`)
  }
  const { replyTo } = await compose(env, { id: 'i', to }, { ...INVITATION, answerTo: `bob@${letters}` }, NOW)
  expect(replyTo?.email).toBe(`bob@${ascii}`)
})
