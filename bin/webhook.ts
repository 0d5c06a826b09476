import { readArguments } from './arguments.ts'
import { Refused } from './cloudflare.ts'
import { receive } from './secrets.ts'
import { checked, keep, keptSettings } from './settings.ts'

const API = process.env.MAILCHANNELS_BASE_URL ?? 'https://api.mailchannels.net'

/** What MailChannels signs with, unless another is named: `keyid` in the Signature-Input of a webhook says it. */
const USUAL_KEY = 'mckey'

/** Asks MailChannels to tell this deployment what becomes of mail, and pins the key by which it will be believed. */
async function enrol() {
  const { words, file } = readArguments({ words: 1, usage: 'npm run webhook -- [<key id>] [--config deploy.<name>.json]' })
  const [keyId = USUAL_KEY] = words
  const settings = keptSettings(file)
  if (!settings.MAILCHANNELS_CUSTOMER)
    throw new Refused(`Set MAILCHANNELS_CUSTOMER in ${file} first, the handle of your account: without it no webhook is accepted.`)
  const apiKey = await receive('MAILCHANNELS_API_KEY')
  const endpoint = `${settings.APP_ORIGIN}/webhooks/mail/mailchannels`
  const enrolled: { webhook: string }[] = await ask('GET', '/tx/v1/webhook', apiKey)
  if (!enrolled.some(({ webhook }) => webhook === endpoint))
    await ask('POST', `/tx/v1/webhook?${new URLSearchParams({ endpoint })}`, apiKey)
  const { id, key } = await ask('GET', `/tx/v1/webhook/public-key?${new URLSearchParams({ id: keyId })}`, apiKey)
  const pinned = checked({ ...settings, MAILCHANNELS_WEBHOOK_KEYS: pin(settings.MAILCHANNELS_WEBHOOK_KEYS, `${id}:${key}`) }, file)
  keep(pinned, file)
  console.log(`MailChannels sends events to ${endpoint}. Its key ${id} is now in ${file}: run "npm run deploy" to accept them.`)
}

/** Beside the older ones, which go on being believed until they are taken out by hand. */
const pin = (known: string | undefined, key: string) => [...new Set([...(known?.split(',') ?? []), key])].join(',')

async function ask(method: string, path: string, apiKey: string) {
  const answer = await fetch(API + path, { method, headers: { 'X-Api-Key': apiKey } })
  const text = await answer.text()
  if (!answer.ok)
    throw new Refused(`MailChannels answered ${answer.status} to ${method} ${path.split('?')[0]}: ${text.slice(0, 200)}`)
  return text ? JSON.parse(text) : undefined
}

await enrol().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
