import { env } from 'cloudflare:workers'
import { readEnv } from '../src/env'
import { DAY_MS } from '../src/limits'
import { linkOf, randomSecret } from '../src/models/core/random'
import { signerOf } from '../src/models/identity/keyring'
import { signToken } from '../src/models/identity/token'
import { factorLinkPaths } from '../src/paths'
import { Client } from './client'
import { one, run } from './database'

type Purpose = 'first' | 'lost'
/** A link as it was emailed: its URL, the token in it, and the pages that it leads to. */
export type Emailed = { jti: string; name: string; url: string; token: string; paths: ReturnType<typeof factorLinkPaths> }

/** The open link of somebody of the cast, made where there is none. */
export async function factorLinkFor(who = 'bob', purpose: Purpose = 'lost', askedIn: string | null = null): Promise<Emailed> {
  const open = () =>
    one<{ jti: string; iat: number; exp: number }>(
      "SELECT jti, created_at AS iat, expires_at AS exp FROM factor_links WHERE user_id = ? AND state = 'open'",
      `user-${who}`,
    )
  if (!(await open())) await insertFactorLink(who, purpose, askedIn)
  const row = await open()
  if (!row) throw new Error(`no link for ${who}`)
  const token = await signToken(signerOf(readEnv(env).FACTOR_LINK_KEYS, Date.now()), 'factor_link', row)
  const name = await linkOf(row.jti)
  return { jti: row.jti, name, url: `/second-factor?token=${token}`, token, paths: factorLinkPaths(name) }
}

export async function insertFactorLink(name: string, purpose: Purpose, askedIn: string | null = null, jti = randomSecret()) {
  const now = Date.now()
  await run(
    "INSERT INTO factor_links (id, user_id, asked_in, purpose, jti, state, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?1, 'open', ?5, ?6)",
    jti,
    `user-${name}`,
    askedIn,
    purpose,
    now,
    now + DAY_MS,
  )
  return jti
}

/** Opens the link and gives the password. @returns the browser, the page of the second step and what its form holds */
export async function provedLink(link: Emailed, password: string, browser = new Client()) {
  await browser.get(link.url)
  const answer = await browser.post(link.paths.page, { token: link.token, password })
  const page = answer.headers.get('Location') ?? ''
  const form = await formIn(browser, page)
  return {
    browser,
    page,
    fields: { token: link.token, sign_in: page.split('/').at(-1) ?? '', setup: form.setup },
    secret: form.secret,
  }
}

async function formIn(browser: Client, page: string) {
  const html = await (await browser.get(page)).text()
  return {
    setup: html.match(/name="setup" value="([^"]+)"/)?.[1] ?? '',
    secret: html.match(/[?&;]secret=([A-Z2-7]+)/)?.[1] ?? '',
  }
}
