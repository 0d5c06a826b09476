import { describe, expect, it } from 'vitest'
import { checkDomain, type Sender } from './sender-domain'

const SENDER: Sender = {
  provider: 'mailchannels',
  domain: 'mail.acme.test',
  customer: 'acmecorp',
  dkim: { domain: 'acme.test', selector: 'lk', record: 'v=DKIM1; k=rsa; p=OURS' },
}
const GOOD = {
  'mail.acme.test': ['v=spf1 include:relay.mailchannels.net ~all', 'some-verification=1'],
  'lk._domainkey.acme.test': ['v=DKIM1; p=OURS'],
  '_dmarc.acme.test': ['v=DMARC1; p=none'],
  '_mailchannels.mail.acme.test': ['v=mc1 auth=acmecorp'],
}
type Zone = Record<string, string[] | undefined>

/** What a name has that is not in the zone: nothing. `undefined` in it: nobody can tell. */
const lookIn = (zone: Zone) => async (name: string) => (name in zone ? zone[name] : [])
const check = (zone: Zone, sender: Partial<Sender> = {}) => checkDomain({ ...SENDER, ...sender }, lookIn({ ...GOOD, ...zone }))
const about = async (what: string, ...asked: Parameters<typeof check>) => {
  const { reason, record } = (await check(...asked)).find((each) => each.about === what) ?? {}
  return record ? [reason, record.name, record.value] : [reason]
}

it('a domain that is set up needs nothing', async () => {
  expect((await check({})).map(({ reason }) => reason)).toEqual(['spf_good', 'dkim_good', 'dmarc_good', 'lockdown_good'])
})

it('without any record, each says which to add', async () => {
  const nothing = Object.fromEntries(Object.keys(GOOD).map((name) => [name, []]))
  expect(await check(nothing)).toEqual([
    {
      about: 'SPF',
      reason: 'spf_missing',
      record: { name: 'mail.acme.test', value: 'v=spf1 include:relay.mailchannels.net ~all' },
    },
    { about: 'DKIM', reason: 'dkim_missing', record: { name: 'lk._domainkey.acme.test', value: 'v=DKIM1; k=rsa; p=OURS' } },
    { about: 'DMARC', reason: 'dmarc_missing', record: { name: '_dmarc.mail.acme.test', value: 'v=DMARC1; p=none' } },
    {
      about: 'Domain Lockdown',
      reason: 'lockdown_missing',
      record: { name: '_mailchannels.mail.acme.test', value: 'v=mc1 auth=acmecorp' },
    },
  ])
})

it('while DNS cannot be asked, nothing is called missing', async () => {
  const silent = Object.fromEntries([...Object.keys(GOOD), '_dmarc.mail.acme.test'].map((name) => [name, undefined]))
  expect(new Set((await check(silent)).map(({ reason }) => reason))).toEqual(new Set(['unreachable']))
})

describe('SPF', () => {
  const spf = (...records: string[]) => about('SPF', { 'mail.acme.test': records })

  it.each([
    ['v=spf1 mx include:other.test -all', 'v=spf1 mx include:other.test include:relay.mailchannels.net -all'],
    ['v=spf1 redirect=other.test', 'v=spf1 include:relay.mailchannels.net redirect=other.test'],
    ['V=SPF1 a', 'v=spf1 a include:relay.mailchannels.net ~all'],
    [
      'v=spf1 include:relay.mailchannels.net.evil.test ~all',
      'v=spf1 include:relay.mailchannels.net.evil.test include:relay.mailchannels.net ~all',
    ],
  ])('“%s” becomes “%s”', async (record, wanted) => {
    expect(await spf(record)).toEqual(['spf_incomplete', 'mail.acme.test', wanted])
  })

  it('twice counts as none, and becomes one', async () => {
    expect(await spf('v=spf1 mx -all', 'v=spf1 mx include:relay.mailchannels.net ~all')).toEqual([
      'spf_several',
      'mail.acme.test',
      'v=spf1 mx include:relay.mailchannels.net -all',
    ])
  })
})

describe('DKIM', () => {
  const dkim = (records: string[], sender: Partial<Sender> = {}) => about('DKIM', { 'lk._domainkey.acme.test': records }, sender)

  it('finds our key among others, however it is spaced', async () => {
    expect(await dkim(['v=DKIM1; p=OTHER', 'k=rsa;p=OU RS'])).toEqual(['dkim_good'])
  })

  it('tells another key from ours, and a withdrawn one', async () => {
    expect((await dkim(['v=DKIM1; p=OTHER']))[0]).toBe('dkim_other_key')
    expect((await dkim(['v=DKIM1; p=']))[0]).toBe('dkim_missing')
  })

  it('without a key of ours says that the mail is not signed', async () => {
    expect(await dkim(['v=DKIM1; p=OTHER'], { dkim: undefined })).toEqual(['dkim_unset'])
  })
})

it('a DMARC policy of the domain above counts', async () => {
  expect(await about('DMARC', { '_dmarc.acme.test': ['v=DMARC1;p=reject'] })).toEqual(['dmarc_good'])
  expect((await about('DMARC', { '_dmarc.acme.test': ['v=DMARC2; p=none'] }))[0]).toBe('dmarc_missing')
})

it.each([
  ['v=mc1 auth=other auth=acmecorp', 'lockdown_good'],
  ['v=mc1 senderid=acmecorp|x-authsender|ada@acme.test', 'lockdown_good'],
  ['v=mc1 auth=other', 'lockdown_others'],
  ['v=mc1 cfid=acmecorp', 'lockdown_others'],
])('the lockdown “%s” is %s', async (record, reason) => {
  expect((await about('Domain Lockdown', { '_mailchannels.mail.acme.test': [record] }))[0]).toBe(reason)
})

it('Cloudflare signs and receives bounces under names of its own', async () => {
  const cloudflare = { provider: 'cloudflare' as const }
  const zone = {
    'cf-bounce.mail.acme.test': ['v=spf1 include:_spf.mx.cloudflare.net ~all'],
    'cf-bounce._domainkey.mail.acme.test': ['v=DKIM1; p=THEIRS'],
  }
  expect((await check(zone, cloudflare)).map(({ reason }) => reason)).toEqual(['spf_good', 'dkim_good', 'dmarc_good'])
  expect((await check({}, cloudflare)).map(({ reason }) => reason)).toEqual(['spf_missing', 'dkim_not_onboarded', 'dmarc_good'])
})
