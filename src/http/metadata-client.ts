import type { Context } from 'hono'
import type { AppEnv } from '../env'
import { documentsByHost, documentsByPerson, isFresh, keepDocument, type MetadataClient } from '../models/apps/metadata-client'
import { isMetadataAddress, readDocument } from '../models/apps/metadata-document'
import type { Act } from '../models/core/act'
import { countTry, notBlocked } from '../models/identity/throttle'
import { askForeign, mayAsk } from '../outbound/foreign'

/** Why a program that names itself by the address of a document cannot be let in: `unreadable` is nothing that we understand, or nothing at all. */
export type MetadataReason = 'address' | 'too_often' | 'unreadable'

export type AskedFor = { clientId: string; userId: string; known: MetadataClient | undefined }

/**
 * What a program says of itself, for somebody who is signed in: as it was read within the last hour, or else read now, which is two more round trips.
 * `changed`: it leads elsewhere than what the person may have agreed to.
 */
export async function documentOf(
  c: Context<AppEnv>,
  { db, now }: Pick<Act, 'db' | 'now'>,
  { clientId, userId, known }: AskedFor,
): Promise<{ client: MetadataClient; changed: boolean } | { reason: MetadataReason }> {
  if (known && isFresh(known, now)) return { client: known, changed: false }
  if (!isMetadataAddress(clientId) || !mayAsk(clientId, [c.env.APP_ORIGIN, ...(c.env.OLD_ORIGINS ?? [])]))
    return { reason: 'address' }
  const [person, host] = [documentsByPerson(userId), documentsByHost(new URL(clientId).hostname)]
  const counted = await db.batch([countTry({ db, now }, host, notBlocked(person, now)), countTry({ db, now }, person)])
  if (!counted.every(({ length }) => length === 1)) return { reason: 'too_often' }
  const document = await askDocument(clientId)
  if (!document) return { reason: 'unreadable' }
  await db.batch(keepDocument(db, clientId, document, now))
  const changed = known !== undefined && JSON.stringify(known.redirectUris) !== JSON.stringify(document.redirectUris)
  return { client: { id: clientId, ...document, readAt: now }, changed }
}

async function askDocument(clientId: string) {
  const answer = await askForeign(clientId, { headers: { Accept: 'application/json' } })
  return answer?.status === 200 && isJson(answer.contentType) ? readDocument(clientId, answer.text) : undefined
}

/** RFC 6839 3.1 for the suffix. */
const isJson = (contentType: string) => /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType)
