import { env } from 'cloudflare:workers'
import { describe, expect, inject, it } from 'vitest'
import { actNamed, somebody } from '../../../test/cast'
import { Client, signedIn } from '../../../test/client'
import { all, one, run } from '../../../test/database'
import { listen } from '../../../test/logged'
import { leaseMail } from '../../../test/outbox'
import { AT_ONCE, together, tryOften } from '../../../test/race'
import { PASS_PHRASE } from '../../dev/seed'
import { readEnv } from '../../env'
import { compose } from '../../mail/compose'
import { sendTest } from '../../models/checks/checks'

const DAY = 24 * 60 * 60_000
const MINUTE = 60_000

/** Ada at a deployment that sends from a domain of its own. */
async function adaOf(domain: string, settings: Partial<Cloudflare.Env> = {}) {
  const variables = {
    MAIL_PROVIDER: 'mailchannels',
    MAIL_FROM: `invitations@${domain}`,
    DNS_URL: `${inject('providerUrl')}/dns-query`,
  }
  const ada = new Client({ ...variables, ...settings })
  const { cookies } = await signedIn('ada')
  for (const [name, value] of cookies) ada.cookies.set(name, value)
  return ada
}

const publish = (name: string, records: string[] | 'failing' | 'hanging') =>
  fetch(`${inject('providerUrl')}/txt/${name}`, { method: 'PUT', body: JSON.stringify(records) })

const pageOf = async (client: Client, workspace = 'acme') => {
  const answer = await client.get(`/w/${workspace}/access/mail`)
  expect([answer.status, client.roundTrips]).toEqual([200, 1])
  return answer.text()
}

describe('the page of checks', () => {
  it('says what DNS is found to say, and the record that fixes it', async () => {
    await publish('well.test', ['v=spf1 include:relay.mailchannels.net ~all'])
    await publish('_dmarc.well.test', [`v=DMARC1; p=none; rua=mailto:${'x'.repeat(300)}@well.test`])
    const page = await pageOf(await adaOf('well.test', { MAILCHANNELS_CUSTOMER: 'acmecorp' }))

    expect(page).toContain('The provider may send for your domain.')
    expect(page).toContain('A policy for forged email is published.')
    expect(page).toContain('Set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY')
    expect(page).toContain('<code>_mailchannels.well.test</code>')
    expect(page).toContain('<code>v=mc1 auth=acmecorp</code>')
  })

  it('says so when DNS fails, hangs or is not there, and is there all the same', async () => {
    await publish('silent.test', 'hanging')
    await publish('_dmarc.silent.test', 'failing')
    const page = await pageOf(await adaOf('silent.test'))
    expect(page.match(/Could not check DNS just now/g)).toHaveLength(2)
    const nowhere = await pageOf(await adaOf('silent.test', { DNS_URL: `${inject('providerUrl')}/nowhere` }))
    expect(nowhere.match(/Could not check DNS just now/g)).toHaveLength(3)
  })

  it('says that the sender of the example has to be replaced, and asks nobody about it', async () => {
    const page = await pageOf(await adaOf('latchkey.invalid'))
    expect(page).toContain('MAIL_FROM is still the example')
    expect(page).not.toContain('SPF')
  })

  it('shows why the newest email of this workspace still waits, and none of another', async () => {
    await run("UPDATE mails SET reason = 'misconfigured_key' WHERE id = 'mail-pia'")
    expect(await pageOf(await adaOf('well.test'))).toContain(
      'The latest email is still waiting: The email provider does not accept our API key.',
    )
    expect(await pageOf(await signedIn('cat'), 'globex')).not.toContain('API key')
  })

  it('tells of the webhook once a signed event has come', async () => {
    const ada = await adaOf('well.test')
    expect(await pageOf(ada)).toContain(`<code>${env.APP_ORIGIN}/webhooks/mail/mailchannels</code>`)
    await run("INSERT INTO webhooks (provider, seen_at) VALUES ('mailchannels', ?)", Date.now())
    expect(await pageOf(ada)).toContain('MailChannels sends delivery reports')
  })

  it('is recommended before the first invitation of a workspace, and not after it', async () => {
    const recommended = async (name: 'ada' | 'cat') =>
      (await (await signedIn(name)).get(`/w/${name === 'cat' ? 'globex' : 'acme'}/access/invitations/new`)).text()
    expect(await recommended('cat')).toContain('>Checks</a>')
    expect(await recommended('ada')).not.toContain('>Checks</a>')
    await (await signedIn('cat')).post('/w/globex/access/mail/test')
    expect(await recommended('cat'), 'nor after a test').not.toContain('>Checks</a>')
  })
})

describe('breached passwords', () => {
  const url = (path: string) => `${inject('providerUrl')}/${path}/`
  const pageWith = async (PASSWORD_RANGE_URL: string) => pageOf(await adaOf('well.test', { PASSWORD_RANGE_URL }))

  it('are known where their API answers and knows the most common one', async () => {
    const [prefix, suffix] = ['5BAA6', '1E4C9B93F3F0682250B6CF8331B7EE68FD8']
    await fetch(url('range') + prefix, { method: 'PUT', body: `${suffix}:100` })
    expect(await pageWith(url('range'))).toContain('New passwords are checked against known breaches at 127.0.0.1')
    await fetch(url('range') + prefix, { method: 'PUT', body: '' })
    expect(await pageWith(url('range'))).toContain('does not answer')
  })

  it('are not where it does not answer, and the page says that the other rules apply', async () => {
    const page = await pageWith(url('nowhere'))
    expect(page).toContain('does not answer, so new passwords are not checked against known breaches')
    expect(page).toContain('Breached passwords</b><span class="visually-hidden">, Needs fixing: ')
  })

  it('that cannot be looked up leave a line in the log, and the password is taken', async () => {
    const ada = await adaOf('well.test', { PASSWORD_RANGE_URL: url('nowhere') })
    const ear = listen()
    const answer = await ada.post('/account/password', { current: PASS_PHRASE, password: 'plum teapot orbit canyon' })
    const lines = ear.stop().map((line) => JSON.parse(line))

    expect(answer.status).toBe(303)
    expect(lines).toContainEqual(expect.objectContaining({ action: 'ask for breaches', outcome: 'failed' }))
  })

  it('are not looked for where nobody is to be asked, which is no fault', async () => {
    const page = await pageWith('')
    expect(page).toContain('PASSWORD_RANGE_URL is empty')
    expect(page).toContain('Breached passwords</b><span class="visually-hidden">, Not checked: ')
  })
})

describe('on a machine of a developer', () => {
  it('nothing that is not checked is called fine', async () => {
    const page = await pageOf(await signedIn('ada'))
    expect(page).toContain('in the local mailbox')
    expect(page).not.toContain(', OK: ')
  })
})

describe('a test email', () => {
  it('is looked up again while its state may change, less and less often, and then no more', async () => {
    const ada = await signedIn('ada')
    await ada.post('/w/acme/access/mail/test')
    const delayAfter = async (ms: number) => {
      await run("UPDATE mails SET created_at = ? WHERE kind = 'test'", Date.now() - ms)
      return Number((await pageOf(ada)).match(/hx-trigger="load delay:(\d+)ms" hx-select="#check-list"/)?.[1])
    }
    expect([await delayAfter(0), Math.floor((await delayAfter(20_000)) / 1000)]).toEqual([3000, 10])
    expect(await delayAfter(10 * MINUTE + 1)).toBeNaN()

    await run("UPDATE mails SET created_at = ?, state = 'delivered' WHERE kind = 'test'", Date.now())
    expect(await pageOf(ada)).not.toContain('load delay')
  })

  it('goes to the admin who asks for it, and the page shows what became of it', async () => {
    const ada = await signedIn('ada')
    const page = await (await ada.submit('/w/acme/access/mail/test')).text()
    expect(page).toContain('A test email is on its way to you.')
    expect(page).toContain(', to ada@acme.test.')
    expect(page).toContain('<a href="/dev/mailbox">')
    const mails = await all("SELECT id, tenant_id, member_id, to_key, state FROM mails WHERE kind = 'test'")
    expect(mails).toEqual([{ id: ada.posted[0], tenant_id: 'acme', member_id: 'ada', to_key: 'ada@acme.test', state: 'queued' }])
  })

  it('says where it comes from and what to do when it is in spam', async () => {
    const ada = await signedIn('ada')
    await ada.post('/w/acme/access/mail/test')
    const mail = await leaseMail(somebody(), ada.posted[0] ?? '')
    if (!mail?.letter) throw new Error('no letter')
    const { subject, text, html } = await compose(readEnv(env), mail, mail.letter, Date.now())
    expect([subject, mail.to]).toEqual(['Test email from Acme', 'ada@acme.test'])
    for (const words of [text, html]) {
      expect(words).toContain('Invitations come from the same sender.')
      expect(words).toContain(`${env.APP_ORIGIN}/w/acme/access/mail`)
    }
  })

  it('a second one within a minute is refused with the time to try again', async () => {
    const ada = await signedIn('ada')
    await ada.post('/w/acme/access/mail/test')
    const refused = await ada.post('/w/acme/access/mail/test')
    expect([refused.status, ada.posted.length]).toEqual([429, 1])
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
    expect(await refused.text()).toContain('A test email was just sent')
  })

  it('goes out five times a day and not six, whoever else tests', async () => {
    const [ada, cat] = [await actNamed('ada'), await actNamed('cat')]
    const at = (n: number) => ada.now + n * MINUTE
    for (let n = 1; n <= 5; n++) expect(await sendTest({ ...ada, now: at(n) })).toHaveProperty('mailId')
    expect(await sendTest({ ...ada, now: at(6) })).toEqual({ reason: 'too_often', retryAt: at(1) + DAY })
    expect(await sendTest({ ...cat, now: at(6) })).toHaveProperty('mailId')
    expect(await sendTest({ ...ada, now: at(1) + DAY })).toHaveProperty('mailId')
  })

  it('is one, however many ask at once', async () => {
    const ada = await actNamed('ada')
    await tryOften(async (i) => {
      const sent = await together(() => sendTest({ ...ada, now: ada.now + i * DAY }), AT_ONCE)
      expect(sent.filter((one) => 'mailId' in one)).toHaveLength(1)
    })
    expect(await one("SELECT count(*) AS n FROM mails WHERE kind = 'test'")).toEqual({ n: 50 })
  })
})
