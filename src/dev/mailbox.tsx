import { Hono } from 'hono'
import { MailboxPage } from '../../views/dev/mailbox'
import { Layout } from '../../views/layout'
import type { AppEnv, Env } from '../env'
import type { Letter, Provider } from '../mail/provider'
import { MAILBOX_STYLE } from './mailbox-style'

export type KeptLetter = Letter & { links: string[]; at: string }

/** In KV, `dev:mailbox:<to>:<id>`: whoever waits for one person's mail need not read everybody's. */
const PREFIX = 'dev:mailbox:'
const keyOf = ({ to, id }: Pick<Letter, 'to' | 'id'>) => `${PREFIX}${to}:${id}`
const LINK = /https?:\/\/\S+/g

/** The development provider: letters stay on this machine, in KV. As with an idempotency key, one row is one letter. */
export const local = ({ USED_TOKENS: kv }: Env): Provider => ({
  async send(letter) {
    const kept: KeptLetter = { ...letter, links: letter.text.match(LINK) ?? [], at: new Date().toISOString() }
    if (!(await kv.get(keyOf(letter)))) await kv.put(keyOf(letter), JSON.stringify(kept))
    return { kind: 'sent', providerId: letter.id, requestId: null }
  },
})

/** Mounted at /dev beside the app, not inside it: the app's headers forbid frames and inline style. */
export const mailbox = new Hono<AppEnv>()

/** A mail needs its inline style, and nothing else: no script, no image, no form. */
const LETTER_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
const PAGE_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

mailbox.use(async function keepPrivate(c, next) {
  await next()
  c.header('Cache-Control', 'no-store')
  c.header('X-Content-Type-Options', 'nosniff')
  // A letter's links carry tokens, which must not leave in a Referer.
  c.header('Referrer-Policy', 'no-referrer')
})

mailbox.get('/mailbox', async (c) => {
  const letters = await newestFirst(c.env.USED_TOKENS)
  c.header('Content-Security-Policy', PAGE_POLICY)
  return c.html(
    <Layout title="Mailbox">
      <MailboxPage letters={letters} open={letters.find(({ id }) => id === c.req.query('open')) ?? letters[0]} now={Date.now()} />
    </Layout>,
  )
})

mailbox.get('/mailbox.css', (c) => c.body(MAILBOX_STYLE, { headers: { 'Content-Type': 'text/css; charset=utf-8' } }))

/** Everybody's, or with `?to=` those of one address. */
mailbox.get('/mailbox.json', async (c) => c.json(await newestFirst(c.env.USED_TOKENS, c.req.query('to'))))

mailbox.get('/mailbox/:id', async (c) => {
  const letter = (await newestFirst(c.env.USED_TOKENS)).find(({ id }) => id === c.req.param('id'))
  if (!letter) return c.notFound()
  c.header('Content-Security-Policy', LETTER_POLICY)
  return c.html(letter.html.replace('<head>', '<head><base target="_blank">'))
})

async function newestFirst(kv: KVNamespace, to?: string): Promise<KeptLetter[]> {
  const { keys } = await kv.list({ prefix: to ? keyOf({ to, id: '' }) : PREFIX })
  const letters = await Promise.all(keys.map(({ name }) => kv.get<KeptLetter>(name, 'json')))
  return letters.filter((letter) => letter !== null).sort((a, b) => b.at.localeCompare(a.at))
}
