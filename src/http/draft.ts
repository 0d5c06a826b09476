import type { Context } from 'hono'
import { EncryptJWT, jwtDecrypt } from 'jose'
import { JOSEError, JWKSNoMatchingKey } from 'jose/errors'
import * as v from 'valibot'
import type { Env } from '../env'
import { DRAFT_CHARACTERS, DRAFT_MS } from '../limits'
import { type Key, type Keyring, signerOf } from '../models/identity/keyring'
import { isAsShown } from './shown'
import { WHOSE } from './whose'

/**
 * A form that came after its session, or before its person had proven anew who they are: where it was going, the page it came from, and what was
 * typed. `asked`: the session in which it waits for a proof, and since when (ms).
 */
export type Draft = v.InferOutput<typeof DRAFT>

const DRAFT = v.object({
  action: v.string(),
  page: v.string(),
  fields: v.array(v.tuple([v.string(), v.string()])),
  asked: v.exactOptional(v.object({ session: v.string(), at: v.number() })),
})

const TYPE = 'latchkey-draft+jwt'
const ENCRYPTION = 'A256GCM'
/** Fields that hold, or may hold, what proves who someone is. */
const SECRET_FIELD = /pass|current|code|token|secret|response/i
/** Fields of ours, which say what the page showed. */
const SHOWN = ['state', 'version', 'shown', 'panel', 'next', 'draft', 'setup', 'app', 'made', 'form']

/** The fields that somebody typed or chose. */
export const typedIn = ({ fields }: Pick<Draft, 'fields'>) => fields.filter(([name]) => !SHOWN.includes(name))

/** The same without what was left empty, or as its page showed it where the form says how that was. */
export function enteredIn({ fields }: Pick<Draft, 'fields'>) {
  const last = new Map(fields)
  return typedIn({ fields }).filter(([name, value]) => {
    const left = isAsShown(last.get('shown'), [name, last.get(name) ?? value])
    return left === undefined ? value.trim() : !left
  })
}

type Entry = [name: string, value: File | string]
const isKept = (field: Entry): field is [string, string] => typeof field[1] === 'string' && !SECRET_FIELD.test(field[0])
const entriesOf = (form: FormData): Entry[] => [...form].filter(([name]) => name !== WHOSE)

/** What of a form may be kept: no file, and nothing that proves somebody. Undefined where nothing was typed that could be. */
export function keepable(form: FormData): [string, string][] | undefined {
  const fields = entriesOf(form).filter(isKept)
  return typedIn({ fields }).length > 0 ? fields : undefined
}

/** All of a form, so that it can be sent as it was. Undefined where something is in it that may not be kept. */
export function wholeOf(form: FormData): [string, string][] | undefined {
  const entries = entriesOf(form)
  return entries.every(isKept) ? entries : undefined
}

export const formOf = (c: Context) => c.req.formData().catch(() => new FormData())

/** As a field of the sign-in page, for this person alone and for an hour. Undefined for more than a form can carry back. */
export async function sealDraft({ SESSION_KEYS, APP_ORIGIN }: Env, userId: string, draft: Draft, now: number) {
  const signer = signerOf(SESSION_KEYS, now)
  const sealed = await new EncryptJWT(draft)
    .setProtectedHeader({ alg: 'dir', enc: ENCRYPTION, typ: TYPE, kid: signer.kid })
    .setIssuer(APP_ORIGIN)
    .setSubject(userId)
    .setExpirationTime(new Date(now + DRAFT_MS))
    .encrypt(await keyFrom(signer))
  return sealed.length <= DRAFT_CHARACTERS ? sealed : undefined
}

/** Undefined for another person, after an hour, and for whatever was not sealed by us. */
export async function openDraft(
  { SESSION_KEYS, APP_ORIGIN }: Env,
  { userId, sealed }: { userId: string; sealed: string },
  now: number,
) {
  try {
    const { payload } = await jwtDecrypt(sealed, ({ kid }) => keyFrom(keyNamed(SESSION_KEYS, kid)), {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: [ENCRYPTION],
      typ: TYPE,
      issuer: APP_ORIGIN,
      subject: userId,
      requiredClaims: ['exp'],
      currentDate: new Date(now),
    })
    return v.parse(DRAFT, payload)
  } catch (error) {
    if (error instanceof JOSEError || error instanceof v.ValiError) return undefined
    throw error
  }
}

function keyNamed(keys: Keyring, kid: string | undefined): Key {
  const found = keys.find((key) => key.kid === kid)
  if (!found) throw new JWKSNoMatchingKey()
  return found
}

/** A key of its own from that of the sessions (RFC 5869), so that no deployment has one more secret to keep. */
async function keyFrom({ key }: Key) {
  const secret = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits'])
  const info = new TextEncoder().encode('latchkey form draft')
  const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
  return new Uint8Array(await crypto.subtle.deriveBits(params, secret, 256))
}
