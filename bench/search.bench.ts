import { env } from 'cloudflare:workers'
import { it } from 'vitest'
import { rename } from '../src/models/identity/account'
import { accept } from '../src/models/invitations/acceptance'
import { changeAddress } from '../src/models/invitations/address-change'
import { cancel } from '../src/models/invitations/cancel'
import { actNamed, invitee, NO_CAPS, personActOf, somebody, typed, viewerNamed } from '../test/cast'
import { type Client, signedIn } from '../test/client'
import { metered, named } from '../test/people'

const SIZES = [60, 10_000, 100_000]

const SYLLABLES = 'ka mo ri ta lu ben dor vi sha pe no gal ste fi ur ham zel ju wo che'.split(' ')

/** The same for the same number. */
const random = (i: number) => (Math.imul(i + 1, 2654435761) >>> 0) / 2 ** 32
const word = (n: number): string => (n < 20 ? '' : word(Math.floor(n / 20))) + SYLLABLES[n % 20]
const firstName = (share: number, i: number) =>
  share < 0.3 ? 'maria' : share < 0.31 ? 'zoe' : share < 0.311 ? 'bonnie' : word(400 + Math.floor(random(i * 3) * 600))

function person(i: number, all: number) {
  const first = firstName(random(i), i)
  const last = random(i * 13 + 4) < 0.01 ? 'schmidt' : word(400 + Math.floor(random(i * 5 + 1) * 7600))
  const domain = random(i * 7 + 2) < 0.95 ? 'acme.test' : `customer${Math.floor((random(i * 11 + 3) * all) / 400)}.example`
  return { id: `person-${`${i}`.padStart(14, '0')}`, email: `${first}.${last}${i}@${domain}`, name: `${first} ${last}` }
}

const ONE = person(11, 60).email

/** Of a hundred 30 are called Maria, one Zoe and one Schmidt, of a thousand one Bonnie; 95 % share a domain, the other domains have some twenty people. */
const SEARCHES: Record<string, string> = {
  'one person, by the whole address': `q=${ONE}`,
  'one person, by the middle of it': `q=${ONE.slice(1, -10)}`,
  nobody: 'q=nobody-is-called-this',
  "everyone's domain": 'q=acme.test',
  "everyone's domain, with @": 'q=%40acme',
  'a domain of twenty': 'q=customer1.',
  'the domains of one in twenty': 'q=customer',
  'every domain': 'q=est',
  'a name of 0.1 %': 'q=bonnie',
  'a name of 1 %, late in the order': 'q=zoe',
  'a name of 30 %': 'q=maria',
  'a name of 1 % and the domain': 'q=zoe+acme.test',
  'names of 30 % and of 1 %': 'q=maria+schmidt',
  'names of 30 % and of 1 %, turned round': 'q=schmidt+mari',
  'one letter': 'q=m',
  'a late letter': 'q=z',
  'a name of 1 %, page before': 'q=zoe&before=zz',
  'a name of 30 %, of pending people': 'q=maria&status=pending',
  'a name of 30 %, of admins': 'q=maria&role=admin',
  'the domain, of admins': 'q=acme.test&role=admin',
}

async function grow(from: number, to: number) {
  for (let i = from; i < to; i += 1000) await named(Array.from({ length: Math.min(1000, to - i) }, (_, at) => person(i + at, to)))
}

async function rowsRead(client: Client, path: string) {
  const response = await client.get(path)
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`)
  return client.bill.read
}

const row = (what: string, ...cells: (string | number)[]) => what.padEnd(40) + cells.map((cell) => `${cell}`.padStart(10)).join('')

it('prints what a search reads, with its page, and what people who are found cost to write', { timeout: 3_600_000 }, async () => {
  const ada = await signedIn('ada')
  const read: Record<string, number[]> = Object.fromEntries(Object.keys(SEARCHES).map((what) => [what, []]))
  for (const [i, size] of SIZES.entries()) {
    await grow(SIZES[i - 1] ?? 0, size)
    for (const [what, query] of Object.entries(SEARCHES)) read[what]?.push(await rowsRead(ada, `/w/acme/access/users?${query}`))
  }
  const lines = Object.entries(read).map(([what, rows]) => row(what, ...rows))
  console.info(
    [row('rows read among so many people', ...SIZES), ...lines, '', row('rows written'), ...(await changes())].join('\n'),
  )
})

/** With everything else that the change writes. */
async function changes() {
  const { db, bill } = metered()
  const lines: string[] = []
  async function measured<T>(what: string, work: () => Promise<T>) {
    const before = bill.written
    const done = await work()
    lines.push(row(what, bill.written - before))
    return done
  }
  const ada = { ...(await actNamed('ada')), db }
  const nora = await measured('invite nora.new@acme.test', () => invitee(ada, 'nora.new@acme.test'))
  const other = await measured('her address becomes nora.newer@acme.test', async () => {
    await changeAddress(ada, nora.memberId, typed('nora.newer@acme.test'), NO_CAPS)
    return env.DB.prepare("SELECT jti FROM invitations WHERE member_id = ? AND state = 'open'")
      .bind(nora.memberId)
      .first<string>('jti')
  })
  await measured('accept as Nora Newer', () =>
    accept({ ...somebody(), db }, other ?? '', { passwordHash: 'x', name: 'Nora Newer' }),
  )
  await measured('Bob becomes Robert Marsh', async () => rename({ ...personActOf(await viewerNamed('bob')), db }, 'Robert Marsh'))
  const oleg = await invitee(ada, 'oleg.marsh@acme.test')
  await measured('cancel oleg.marsh@acme.test', () => cancel(ada, oleg.memberId))
  return lines
}
