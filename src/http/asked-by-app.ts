import { SCOPES } from '../models/apps/claims'

export type AskedByApp = ReturnType<typeof askedIn>

/** What the query of an app asks for, as far as pages of ours answer it: all of it is the provider's to judge. */
export function askedIn(query: URLSearchParams) {
  const prompts = wordsOf(query.get('prompt'))
  return {
    clientId: query.get('client_id') ?? '',
    resources: query.getAll('resource'),
    scopes: scopesIn(query).filter((scope) => SCOPES.includes(scope)),
    /** Who this is has to be proven anew. */
    again: prompts.includes('login') || query.get('max_age') === '0',
    /** The person has to be asked, whatever they have agreed to before. */
    consent: prompts.includes('consent'),
    /** They have to be shown who they are. */
    choice: prompts.includes('select_account'),
  }
}

/** A client of an agent often asks for none, or only for what the agent knows: it gets what says who somebody is (RFC 6749 3.3). */
function scopesIn(query: URLSearchParams) {
  const scopes = wordsOf(query.get('scope'))
  return query.has('resource') && !scopes.some((scope) => SCOPES.includes(scope)) ? [...scopes, 'openid'] : scopes
}

/** As the provider takes it: it gives `offline_access` to nobody who was not asked, and whether they were is ours to know. */
export function forProvider(query: URLSearchParams): URLSearchParams {
  const prompts = wordsOf(query.get('prompt'))
  const asked = new URLSearchParams(query)
  if (query.has('resource')) asked.set('scope', scopesIn(query).join(' '))
  if (wordsOf(query.get('scope')).includes('offline_access') && !prompts.includes('consent') && !prompts.includes('none'))
    asked.set('prompt', [...prompts, 'consent'].join(' '))
  // A page of ours posts the answer: the script of the provider's would need a policy of its own.
  if (query.get('response_mode') === 'form_post') asked.set('response_mode', 'query')
  return asked
}

/** In seconds: as long a proof may take to come back from the page that asked for it. */
const NEW_PROOF_S = 60

/** What is still asked for once somebody has proven anew who they are. */
export function afterProof(query: URLSearchParams): URLSearchParams {
  const left = without(query, ['login'])
  const age = Number(query.get('max_age') ?? Number.NaN)
  if (askedIn(query).again || age < NEW_PROOF_S) left.set('max_age', String(NEW_PROOF_S))
  return left
}

/** The same once they have been asked. */
export const afterConsent = (query: URLSearchParams) => without(query, ['consent', 'select_account'])

function without(query: URLSearchParams, answered: string[]) {
  const left = new URLSearchParams(query)
  const prompts = wordsOf(query.get('prompt')).filter((prompt) => !answered.includes(prompt))
  if (prompts.length > 0) left.set('prompt', prompts.join(' '))
  else left.delete('prompt')
  return left
}

const wordsOf = (text: string | null) => [...new Set((text ?? '').split(' ').filter(Boolean))]
