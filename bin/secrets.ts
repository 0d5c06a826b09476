import { randomBytes } from 'node:crypto'
import { kidOf } from '../src/models/keyring.ts'
import { Refused } from './cloudflare.ts'
import type { Settings } from './deployment.ts'
import { askSecret, onTerminal } from './terminal.ts'

/** What keys are for; a key's secret is named for its purpose and the minute from which on it signs. */
export const PURPOSES = ['session', 'invitation', 'reset'] as const
export type Purpose = (typeof PURPOSES)[number]

export const prefixOf = (purpose: Purpose) => `${purpose.toUpperCase()}_KEY_`
export const newKey = () => randomBytes(32).toString('base64url')

/** Those that the Worker needs and does not have: keys are made now, `receive` gets the rest. */
export async function missingSecrets(
  settings: Settings,
  stored: string[],
  receive: (name: string) => Promise<string>,
  now: number,
) {
  const purposes = PURPOSES.filter((purpose) => !stored.some((name) => name.startsWith(prefixOf(purpose))))
  const keys = purposes.map((purpose) => [prefixOf(purpose) + kidOf(now), newKey()])
  const names = givenTo(settings).filter((name) => !stored.includes(name))
  const given: [string, string][] = []
  for (const name of names) given.push([name, await receive(name)])
  return Object.fromEntries([...keys, ...given]) as Record<string, string>
}

/** What somebody else made and the operator has to hand over. */
export const givenTo = ({ MAIL_PROVIDER, DKIM_DOMAIN }: Settings) => [
  ...(MAIL_PROVIDER === 'mailchannels' ? ['MAILCHANNELS_API_KEY'] : []),
  ...(DKIM_DOMAIN ? ['DKIM_PRIVATE_KEY'] : []),
]

/** From the environment, or from whoever sits at the terminal. @throws Refused where there is neither */
export async function receive(name: string) {
  const secret = process.env[name] || (onTerminal && (await askSecret(`${name}, which will be stored as a secret: `)))
  if (secret) return secret
  throw new Refused(`${name} is not stored yet. Give it once in the environment, or run this on a terminal, which asks for it.`)
}
