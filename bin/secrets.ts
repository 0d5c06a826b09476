import { generateKeyPairSync, randomBytes } from 'node:crypto'
import * as v from 'valibot'
import { kidOf } from '../src/models/identity/keyring.ts'
import { DKIM_KEY } from '../src/variables.ts'
import { Refused } from './cloudflare.ts'
import type { Settings } from './settings.ts'
import { askSecret, onTerminal } from './terminal.ts'

/** What keys are for; a key's secret is named for its purpose and the minute from which on it signs. */
export const PURPOSES = ['session', 'invitation', 'reset', 'join_link', 'join', 'browser', 'factor_link', 'totp', 'oidc'] as const
export type Purpose = (typeof PURPOSES)[number]

export const prefixOf = (purpose: Purpose) => `${purpose.toUpperCase()}_KEY_`
export const newKey = (purpose: Purpose) => (purpose === 'oidc' ? newRsaKey() : randomBytes(32)).toString('base64url')

/** What apps verify with must be public, so it is no shared secret. */
const newRsaKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'der', type: 'pkcs8' })

/** Those that the Worker needs and does not have: keys are made now, `receive` gets the rest. */
export async function missingSecrets(
  settings: Settings,
  stored: string[],
  receive: (name: string) => Promise<string>,
  now: number,
) {
  const purposes = PURPOSES.filter((purpose) => !stored.some((name) => name.startsWith(prefixOf(purpose))))
  const keys = purposes.map((purpose) => [prefixOf(purpose) + kidOf(now), newKey(purpose)])
  const names = givenTo(settings).filter((name) => !stored.includes(name))
  const given: [string, string][] = []
  for (const name of names) given.push([name, await receive(name)])
  return Object.fromEntries([...keys, ...given]) as Record<string, string>
}

const DKIM = 'DKIM_PRIVATE_KEY'

/** What somebody else made and the operator has to hand over. */
export const givenTo = ({ MAIL_PROVIDER, DKIM_DOMAIN }: Settings) => [
  ...(MAIL_PROVIDER === 'mailchannels' ? ['MAILCHANNELS_API_KEY'] : []),
  ...(DKIM_DOMAIN ? [DKIM] : []),
]

/** @throws Refused for what the Worker would refuse: once it is stored nobody can look at it */
function usable(name: string, secret: string) {
  const { issues } = v.safeParse(name === DKIM ? DKIM_KEY : v.string(), secret)
  if (issues) throw new Refused(issues.map(({ message }) => message).join(' '))
  return secret
}

/** From the environment, or from whoever sits at the terminal. @throws Refused where there is neither, or it is of no use */
export async function receive(name: string, ask = onTerminal ? askSecret : undefined) {
  const secret = process.env[name] || (name !== DKIM && (await ask?.(`${name}, which will be stored as a secret: `)))
  if (secret) return usable(name, secret)
  throw new Refused(`${name} is not stored yet. ${name === DKIM ? DKIM_WAY : WAY}`)
}

const WAY = 'Give it once in the environment, or run this on a terminal, which asks for it.'
// Of a text with several lines a prompt would take the first.
const DKIM_WAY = `Give it once in the environment: ${DKIM}="$(cat dkim.pem)" npm run deploy`
