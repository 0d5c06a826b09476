import { existsSync } from 'node:fs'
import { DAY_MS, FACTOR_LINK_MS, HOUR_MS, JOIN_LINK_DAYS, KNOWN_BROWSER_MS, MINUTE_MS, TOTP_SETUP_MS } from '../src/limits.ts'
import { kidOf, startOf } from '../src/models/identity/keyring.ts'
import { readArguments } from './arguments.ts'
import { Cloudflare, Refused } from './cloudflare.ts'
import { type Database, deployedDatabase } from './database.ts'
import { namesOf } from './deployment.ts'
import { type SealedTotpSecrets, sealedTotpSecrets } from './sealed-totp-secrets.ts'
import { newKey, PURPOSES, type Purpose, prefixOf } from './secrets.ts'
import { keptName } from './settings.ts'
import { type Wrangler, wrangler } from './wrangler.ts'

/** By then every isolate runs with the new secret, and can check what the first of them signs with it. */
const START_IN_MS = 10 * MINUTE_MS

/** How long something signed last thing by a key is of use: a link's longest life, and as long again in which an expired one explains itself. */
const USE_MS: Record<Purpose, number> = {
  session: 12 * HOUR_MS,
  invitation: 60 * DAY_MS,
  reset: HOUR_MS,
  join_link: 2 * JOIN_LINK_DAYS.max * DAY_MS,
  join: 2 * HOUR_MS,
  browser: KNOWN_BROWSER_MS,
  factor_link: 2 * FACTOR_LINK_MS,
  // As long as a session, whose sign-out names it by an ID token; what apps verify by it lives five minutes.
  oidc: 12 * HOUR_MS,
  // And as long as an authenticator app that it sealed is in the database, which is looked at.
  totp: TOTP_SETUP_MS,
}

/** `database` is that of the deployment; undefined where this machine does not know it. */
type Run = { wrangler: Wrangler; worker: string; say: (line: string) => void; now: number; database: Database | undefined }

/** Adds the next key of this purpose, if one is named, then says of every key how long it is needed. It deletes none. */
export async function rotate(purpose: Purpose | undefined, { wrangler, worker, say, now, database }: Run) {
  const cloudflare = new Cloudflare(wrangler)
  await cloudflare.checkSignIn()
  const names = await cloudflare.secrets(worker)
  if (purpose) names.push(await addKey(cloudflare, worker, purpose, now))
  for (const each of purpose ? [purpose] : PURPOSES)
    for (const line of keysInWords(names, each, worker, now, await appsFor(each, names, database))) say(line)
}

/** Only the keys of authenticator apps are needed by what the database has. */
async function appsFor(purpose: Purpose, names: string[], database: Database | undefined): Promise<SealedTotpSecrets> {
  const kids = names.filter((name) => name.startsWith(prefixOf('totp'))).map((name) => name.slice(prefixOf('totp').length))
  if (purpose !== 'totp' || kids.length === 0) return NONE
  return database ? sealedTotpSecrets(database, kids) : UNKNOWN
}

async function addKey(cloudflare: Cloudflare, worker: string, purpose: Purpose, now: number) {
  const name = prefixOf(purpose) + kidOf(now + START_IN_MS + MINUTE_MS)
  await cloudflare.addSecrets(worker, { [name]: newKey(purpose) })
  return name
}

/** One line for each key, oldest first; with the command for one that nothing needs any more. `apps` are the authenticator apps that each sealed. */
export function keysInWords(names: string[], purpose: Purpose, worker: string, now: number, apps: SealedTotpSecrets = NONE) {
  const prefix = prefixOf(purpose)
  const starts = [...new Set(names)].filter((name) => name.startsWith(prefix)).map((name) => startOf(name.slice(prefix.length)))
  return starts
    .toSorted((a, b) => a - b)
    .map((start, i, all) => `${prefix}${kidOf(start)}   ${inWords(start, all[i + 1], USE_MS[purpose], now, apps(kidOf(start)))}`)
    .map((line) => line.replace(DELETE, ` npx wrangler secret delete ${line.split(' ')[0]} --name ${worker}`))
    .concat(lostInWords(apps(undefined)))
}

const DELETE = '{}'
const NONE: SealedTotpSecrets = () => 0
const UNKNOWN: SealedTotpSecrets = (kid) => (kid === undefined ? 0 : undefined)

/** `apps`: how many it sealed; undefined where nobody has looked. */
function inWords(start: number, next: number | undefined, useMs: number, now: number, apps: number | undefined) {
  if (start > now) return `signs from ${at(start)}`
  if (next === undefined) return 'signs now'
  if (next > now) return `signs until ${at(next)}, is needed until ${apps === 0 ? at(next + useMs) : SEALED_ANEW}`
  if (next + useMs > now) return `is needed until ${apps === 0 ? at(next + useMs) : SEALED_ANEW}`
  if (apps === undefined) return `may be needed still: run this where "npm run deploy" was run, which can look into the database`
  return apps > 0 ? `is needed until ${SEALED_ANEW}: ${inNumbers(apps)} left` : `is no longer needed:${DELETE}`
}

const SEALED_ANEW = 'every authenticator app is sealed with a newer key, some each night'
const inNumbers = (apps: number) => (apps === 1 ? '1 authenticator app' : `${apps} authenticator apps`)

const lostInWords = (apps: number | undefined) =>
  apps ? [`${inNumbers(apps)} cannot be opened by any of these keys: docs/operations.md, Rotating keys`] : []

const at = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const USAGE = `npm run rotate -- [${PURPOSES.join(' | ')}] [--config deploy.<name>.json]`

async function main() {
  const { words, file, config } = readArguments({ words: 1, usage: USAGE })
  const [word] = words
  const purpose = PURPOSES.find((each) => each === word)
  if (word !== undefined && !purpose) throw new Refused(`Unknown argument '${word}': ${USAGE}`)
  const database = existsSync(config) ? deployedDatabase(config) : undefined
  await rotate(purpose, { wrangler, worker: namesOf(keptName(file)).worker, say: console.log, now: Date.now(), database })
}

if (import.meta.main)
  await main().catch((error) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
