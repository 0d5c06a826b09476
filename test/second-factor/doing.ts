import { codeFor } from '../authenticator-apps'
import type { Client } from '../client'
import { run } from '../database'
import { formIn } from '../form'
import { openReset } from '../opened-link'
import { assertionOf, attestationOf, type Misbehaviour, newKeys, type SoftPasskey, softPasskey } from '../passkey'
import type { Door } from './model'

/** What people do with their browsers, by the pages and forms that they have: each says whether it worked. */
export type Begun = 'in' | 'no' | { half: string }
export type Misuse = 'none' | 'another site' | 'another browser' | 'unverified' | 'another key'

const worked = ({ status }: Response) => status === 303

export async function doorAt(client: Client, path: string): Promise<Door> {
  const { status, headers } = await client.get(path)
  const to = headers.get('Location') ?? ''
  if (status === 404) return 'nobody'
  if (to.startsWith('/account/second-factor')) return 'enrol'
  if (to.startsWith('/confirm')) return 'prove'
  return to.startsWith('/login') || status === 401 ? 'sign-in' : 'in'
}

export async function signIn(client: Client, email: string, password: string): Promise<Begun> {
  const answer = await client.post('/login', { email, password })
  const to = new URL(answer.headers.get('Location') ?? '/', 'https://latchkey.test')
  if (!worked(answer)) return 'no'
  return to.pathname === '/login/second-step' ? { half: to.searchParams.get('in') ?? '' } : 'in'
}

export const giveCode = async (client: Client, signIn: string, code: string) =>
  worked(await client.post('/login/second-step', { sign_in: signIn, code }))

async function challengeFor(client: Client, path: string, fields: Record<string, string> = {}) {
  const answer = await client.post(path, fields)
  return answer.status === 200 ? (await answer.json<{ challenge: string }>()).challenge : undefined
}

const MISBEHAVIOUR: Record<Misuse, () => Promise<Misbehaviour>> = {
  none: async () => ({}),
  'another browser': async () => ({}),
  'another site': async () => ({ origin: 'https://latchkey.test.evil.test' }),
  unverified: async () => ({ verified: false }),
  'another key': async () => ({ keys: await newKeys() }),
}

/** `other` is the browser that a challenge is taken from by `another browser`. */
export async function signInByPasskey(client: Client, passkey: SoftPasskey, misuse: Misuse, other: Client) {
  const challenge = await challengeFor(misuse === 'another browser' ? other : client, '/login/passkey/options')
  if (challenge === undefined) return false
  return worked(
    await client.post('/login/passkey', { response: await assertionOf(passkey, challenge, await MISBEHAVIOUR[misuse]()) }),
  )
}

export const confirm = async (client: Client, fields: Record<string, string>) => worked(await client.post('/confirm', fields))

export async function confirmByPasskey(client: Client, passkey: SoftPasskey) {
  const challenge = await challengeFor(client, '/confirm/options')
  return challenge !== undefined && confirm(client, { response: await assertionOf(passkey, challenge) })
}

export type MadeApp = { secret: string; codes: string[] }
export type MadePasskey = { passkey: SoftPasskey; codes: string[] }

export const codesIn = (page: string) =>
  [...page.matchAll(/\b(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}\b/g)].map(([code]) => code)

export async function addApp(client: Client, now: number): Promise<MadeApp | undefined> {
  const page = await client.get('/account/authenticator-app')
  if (page.status !== 200) return undefined
  const html = await page.text()
  const secret = html.match(/\b[A-Z2-7]{4}(?: [A-Z2-7]{4}){7}\b/)?.[0].replaceAll(' ', '') ?? ''
  const answer = await client.submit('/account/authenticator-app', {
    ...formIn(html, '/account/authenticator-app'),
    code: codeFor(secret, now),
  })
  return answer.status === 200 ? { secret, codes: codesIn(await answer.text()) } : undefined
}

export async function addPasskey(client: Client): Promise<MadePasskey | undefined> {
  const challenge = await challengeFor(client, '/account/passkeys/options')
  if (challenge === undefined) return undefined
  const passkey = await softPasskey()
  const answer = await client.submit('/account/passkeys', { response: await attestationOf(passkey, challenge) })
  return answer.status === 200 ? { passkey, codes: codesIn(await answer.text()) } : undefined
}

/** By the form that the page has for it, where it has one. */
async function bySentForm(client: Client, action: string) {
  const page = await client.get('/account')
  if (page.status !== 200) return undefined
  const html = await page.text()
  return html.includes(`action="${action}"`) ? client.post(action, formIn(html, action)) : undefined
}

export async function removeFactor(client: Client, factor: string) {
  const answer = await bySentForm(
    client,
    factor === 'app' ? '/account/authenticator-app/remove' : `/account/passkeys/${factor}/remove`,
  )
  return answer !== undefined && worked(answer)
}

export async function newCodes(client: Client) {
  const answer = await bySentForm(client, '/account/recovery-codes')
  const codes = answer?.status === 200 ? codesIn(await answer.text()) : []
  return codes.length > 0 ? codes : undefined
}

/** @returns the new one */
export const changePassword = async (client: Client, current: string, password: string) =>
  worked(await client.post('/account/password', { current, password })) ? password : undefined

export async function resetPassword(client: Client, email: string, password: string) {
  await run('DELETE FROM mails WHERE to_key = ?', email)
  await client.post('/forgot-password', { email })
  return worked(await (await openReset(client, email)).post('', { password }))
}
