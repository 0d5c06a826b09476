import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, NO_CAPS, typed } from '../../../test/cast'
import { dump, run } from '../../../test/database'
import type { MemberAct } from '../core/act'
import { changeAddress } from './address-change'
import { allowedDomainsOf, readDomains } from './domains'
import { invite } from './invite'
import { resend } from './resend'

let ada: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
  await run("UPDATE mails SET created_at = 1, state = 'sent'")
  await run("INSERT INTO allowed_domains VALUES ('acme', 'acme.test'), ('acme', 'xn--bcher-kva.example'), ('globex', 'other.test')")
})

const draft = { role: 'user', note: null, overrides: {}, agentMode: undefined } as const
const inviteTo = (email: string) => invite(ada, { ...draft, agentIds: [], address: typed(email) }, NO_CAPS)

describe('a workspace that allows some domains', () => {
  it.each(['nell@acme.test', 'NELL@ACME.TEST', 'nell@bücher.example', 'nell@BÜCHER.example'])('takes %s', async (email) => {
    expect(await inviteTo(email)).toHaveProperty('mailId')
  })

  it.each(['nell@other.test', 'nell@sub.acme.test', 'nell@notacme.test', 'nell@acme.test.evil.test', 'acme.test@evil.test'])(
    'refuses %s, and writes nothing',
    async (email) => {
      const before = await dump()
      expect(await inviteTo(email)).toMatchObject({ reason: 'domain_not_allowed' })
      expect(await changeAddress(ada, 'pia', typed(email), NO_CAPS)).toMatchObject({ reason: 'domain_not_allowed' })
      expect(await dump()).toEqual(before)
    },
  )

  it('keeps whoever is here, and resends what is on its way', async () => {
    await run("DELETE FROM allowed_domains WHERE tenant_id = 'acme' AND domain = 'acme.test'")
    expect(await resend(ada, 'pia', NO_CAPS)).toHaveProperty('mailId')
  })

  it('names them in order', async () => {
    expect(await allowedDomainsOf(ada)).toEqual([{ domain: 'acme.test' }, { domain: 'xn--bcher-kva.example' }])
  })
})

it('without any takes every domain', async () => {
  await run("DELETE FROM allowed_domains WHERE tenant_id = 'acme'")
  expect(await inviteTo('nell@anywhere.test')).toHaveProperty('mailId')
})

it.each([
  ['acme.test', 'acme.test'],
  [' @Acme.TEST ', 'acme.test'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['acme', undefined],
  ['ada@acme.test', undefined],
])('%j is the domain %s', (typedText, domain) => {
  expect(readDomains(typedText, 2)).toEqual(domain === undefined ? { problem: { unknown: [typedText] } } : { domains: [domain] })
})

it('of more domains than may be none is looked at, and one that is repeated counts once', () => {
  expect(readDomains('a, b; c', 2)).toEqual({ problem: 'too_many' })
  expect(readDomains('b.test a.test\nb.test', 2)).toEqual({ domains: ['a.test', 'b.test'] })
})
