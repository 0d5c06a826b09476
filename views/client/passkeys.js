import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'

// A form that asks for a passkey first asks Latchkey what the passkey is to sign, then the person's device to sign it, and is sent with the answer.
const root = document.documentElement
root.classList.add(browserSupportsWebAuthn() ? 'passkeys' : 'no-passkeys')

const CEREMONIES = { get: startAuthentication, create: startRegistration }
const answering = new WeakSet()
let asking

// Before what else on the page takes a form for sent. Listens to the document, so that it serves what is swapped in later, too.
document.addEventListener(
  'submit',
  (event) => {
    const form = event.target
    if (!form.dataset.passkey || answering.has(form)) return
    if (form.dataset.either && !event.submitter?.matches('.with-passkeys')) return
    event.preventDefault()
    event.stopImmediatePropagation()
    ask(form)
  },
  true,
)

/** A browser asks for one passkey at a time: what is asked for last ends what was asked before. */
async function ask(form) {
  if (asking === form) return
  asking = form
  form.ariaBusy = 'true'
  tell(form, '')
  try {
    const optionsJSON = await optionsOf(form)
    // Where there are none, the page that answers the form says why.
    send(form, optionsJSON && (await CEREMONIES[form.dataset.passkey]({ optionsJSON })))
  } catch (error) {
    tell(form, wordsFor(error, form.dataset.passkey))
  }
  if (asking === form) asking = undefined
  form.ariaBusy = null
}

/** By what else the form acts on. */
async function optionsOf(form) {
  const body = new URLSearchParams(new FormData(form))
  for (const name of ['response', 'next', 'draft', 'password']) body.delete(name)
  const answer = await fetch(form.dataset.options, { method: 'POST', body, redirect: 'manual' })
  if (answer.status === 429) throw new Error((await answer.json()).problem)
  return answer.ok ? answer.json() : undefined
}

/** The answer is for one use: a form that stays is to ask anew. One without an answer may have to wait for a proof, and then is sent as it is. */
function send(form, answer) {
  const { response } = form.elements
  response.disabled = !answer
  response.value = answer ? JSON.stringify(answer) : ''
  answering.add(form)
  form.requestSubmit()
  answering.delete(form)
  response.value = ''
}

function tell(form, words) {
  const alert = form.querySelector('[role="alert"]')
  alert.hidden = !words
  alert.textContent = words
}

const NO_ROOM = 'This security key cannot hold a passkey. Set a PIN on it, or use another device.'
const WORDS = {
  ERROR_CEREMONY_ABORTED: '',
  ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED: 'This device already has a passkey for your account.',
  ERROR_AUTHENTICATOR_MISSING_DISCOVERABLE_CREDENTIAL_SUPPORT: NO_ROOM,
  ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT: NO_ROOM,
}
const NOT_DONE = {
  get: 'No passkey was used. Try again, or use another way.',
  create: 'No passkey was created. Try again when you are ready.',
}

/** Browsers do not tell whether somebody cancelled or took too long. */
function wordsFor({ name, code, message }, kind) {
  if (code in WORDS) return WORDS[code]
  if (name === 'NotAllowedError') return NOT_DONE[kind]
  if (name === 'TypeError') return 'Latchkey did not answer. Check your connection, then try again.'
  return name === 'Error' && message ? message : 'Your browser could not use a passkey here. Try again, or use another way.'
}

// Passkeys among what the browser offers to fill in. What it was asked to sign is good for five minutes.
const STALE_MS = 4 * 60_000
let offeredAt = 0

async function offer() {
  const form = document.querySelector('form[data-autofill]')
  if (!form || Date.now() - offeredAt < STALE_MS) return
  // Before anything is waited for: of two that ask at once, each would get a cookie of its own.
  offeredAt = Date.now()
  if (!(await browserSupportsWebAuthnAutofill())) return
  try {
    const optionsJSON = await optionsOf(form)
    // Somebody may have pressed the button meanwhile.
    if (optionsJSON && !asking) send(form, await startAuthentication({ optionsJSON, useBrowserAutofill: true }))
  } catch {
    // Nobody asked for it: the button says what is wrong.
  }
}
offer()
document.addEventListener('focusin', ({ target }) => target.matches('[autocomplete$="webauthn"]') && offer())
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) offeredAt = 0
  if (persisted) offer()
})
