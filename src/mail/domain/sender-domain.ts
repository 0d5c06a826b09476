import { publicKeyIn } from './dkim'

/** Who sends for us and from which domain. `dkim` is our own key, where the provider signs with it; `customer` our account there. */
export type Sender = {
  provider: 'mailchannels' | 'cloudflare'
  domain: string
  customer: string | undefined
  dkim: { domain: string; selector: string; record: string | undefined } | undefined
}

export type DnsRecord = { name: string; value: string }

export type DomainReason =
  | 'spf_good'
  | 'spf_missing'
  | 'spf_incomplete'
  | 'spf_several'
  | 'dkim_good'
  | 'dkim_missing'
  | 'dkim_other_key'
  | 'dkim_unset'
  | 'dkim_not_onboarded'
  | 'dmarc_good'
  | 'dmarc_missing'
  | 'lockdown_good'
  | 'lockdown_missing'
  | 'lockdown_others'
  | 'unreachable'

/** What DNS says about one thing; `record` is what to publish at that name, in place of what is there. */
export type DomainCheck = { about: 'SPF' | 'DKIM' | 'DMARC' | 'Domain Lockdown'; reason: DomainReason; record?: DnsRecord }

/** `undefined`: nobody could say. */
type Lookup = (name: string) => Promise<string[] | undefined>

/** All lookups at once. */
export const checkDomain = (sender: Sender, look: Lookup): Promise<DomainCheck[]> =>
  Promise.all([
    checkSpf(sender, look),
    checkDkim(sender, look),
    checkDmarc(sender, look),
    ...(sender.provider === 'mailchannels' ? [checkLockdown(sender, look)] : []),
  ])

/** https://docs.mailchannels.com/email-api/spf-dkim-dmarc, https://developers.cloudflare.com/email-service/concepts/email-authentication */
const SPF = {
  mailchannels: (domain: string) => ({ name: domain, include: 'include:relay.mailchannels.net' }),
  cloudflare: (domain: string) => ({ name: `cf-bounce.${domain}`, include: 'include:_spf.mx.cloudflare.net' }),
}

async function checkSpf({ provider, domain }: Sender, look: Lookup): Promise<DomainCheck> {
  const { name, include } = SPF[provider](domain)
  const found = (await look(name))?.filter((record) => /^v=spf1(\s|$)/i.test(record))
  if (!found) return { about: 'SPF', reason: 'unreachable' }
  const [spf] = found
  if (!spf) return { about: 'SPF', reason: 'spf_missing', record: { name, value: `v=spf1 ${include} ~all` } }
  if (found.length > 1) return { about: 'SPF', reason: 'spf_several', record: { name, value: merged(found, include) } }
  if (spf.toLowerCase().split(/\s+/).includes(include)) return { about: 'SPF', reason: 'spf_good' }
  return { about: 'SPF', reason: 'spf_incomplete', record: { name, value: merged(found, include) } }
}

/** One record with everything that all of them allow, and the first one's word on the rest of the world at its end. */
function merged(records: string[], include: string): string {
  const terms = records.flatMap((record) => record.trim().split(/\s+/).slice(1))
  const allowed = terms.filter((term) => !AT_THE_END.test(term))
  return ['v=spf1', ...new Set([...allowed, include]), terms.find((term) => AT_THE_END.test(term)) ?? '~all'].join(' ')
}

const AT_THE_END = /^([-~?+]?all$|redirect=)/i

async function checkDkim({ provider, domain, dkim }: Sender, look: Lookup): Promise<DomainCheck> {
  if (provider === 'cloudflare') return checkOnboarded(domain, look)
  if (!dkim) return { about: 'DKIM', reason: 'dkim_unset' }
  const name = `${dkim.selector}._domainkey.${dkim.domain}`
  const keys = (await look(name))?.map(publicKeyIn).filter(Boolean)
  if (!keys) return { about: 'DKIM', reason: 'unreachable' }
  const ours = dkim.record && publicKeyIn(dkim.record)
  if (keys.length && (!ours || keys.includes(ours))) return { about: 'DKIM', reason: 'dkim_good' }
  const record = dkim.record ? { record: { name, value: dkim.record } } : {}
  return { about: 'DKIM', reason: keys.length ? 'dkim_other_key' : 'dkim_missing', ...record }
}

/** Cloudflare makes and publishes the key itself. */
async function checkOnboarded(domain: string, look: Lookup): Promise<DomainCheck> {
  const records = await look(`cf-bounce._domainkey.${domain}`)
  if (!records) return { about: 'DKIM', reason: 'unreachable' }
  return { about: 'DKIM', reason: records.some(publicKeyIn) ? 'dkim_good' : 'dkim_not_onboarded' }
}

/** A subdomain without a policy of its own falls under one above it (RFC 7489, 6.6.3). */
async function checkDmarc({ domain }: Sender, look: Lookup): Promise<DomainCheck> {
  const found = await Promise.all([domain, ...parentsOf(domain)].map((each) => look(`_dmarc.${each}`)))
  if (found.some((records) => records?.some((record) => /^v=DMARC1\s*;/i.test(record))))
    return { about: 'DMARC', reason: 'dmarc_good' }
  if (found.includes(undefined)) return { about: 'DMARC', reason: 'unreachable' }
  return { about: 'DMARC', reason: 'dmarc_missing', record: { name: `_dmarc.${domain}`, value: 'v=DMARC1; p=none' } }
}

const PARENTS = 3

function parentsOf(domain: string): string[] {
  const labels = domain.split('.')
  return labels
    .slice(1, -1)
    .map((_, i) => labels.slice(i + 1).join('.'))
    .slice(0, PARENTS)
}

/** https://docs.mailchannels.com/email-api/domain-lockdown */
async function checkLockdown({ domain, customer }: Sender, look: Lookup): Promise<DomainCheck> {
  const about = 'Domain Lockdown'
  const name = `_mailchannels.${domain}`
  const found = (await look(name))?.filter((record) => /^v=mc1(\s|$)/i.test(record))
  if (!found) return { about, reason: 'unreachable' }
  const record = { name, value: `v=mc1 auth=${customer ?? 'YOUR-MAILCHANNELS-ACCOUNT'}` }
  if (found.length === 0) return { about, reason: 'lockdown_missing', record }
  return found.some((each) => allows({ lockdown: each, customer }))
    ? { about, reason: 'lockdown_good' }
    : { about, reason: 'lockdown_others', record }
}

/** Without knowing our own account, any that is named may be ours. */
function allows({ lockdown, customer }: { lockdown: string; customer: string | undefined }): boolean {
  const accounts = [...lockdown.matchAll(/\b(?:auth|senderid|sidw)=([^\s|]+)/gi)].map(([, account]) => account)
  return customer ? accounts.includes(customer) : accounts.length > 0
}
