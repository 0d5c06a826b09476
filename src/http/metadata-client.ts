import type { Context } from 'hono'
import { PROGRAM_WORDS } from '../../views/oidc/program-words'
import type { AppEnv } from '../env'
import { HOUR_MS } from '../limits'
import {
  documentsByHost,
  documentsByPerson,
  isFresh,
  isSame,
  keepDocument,
  type MetadataClient,
  type MetadataReason,
} from '../models/apps/metadata-client'
import { isMetadataAddress, readDocument } from '../models/apps/metadata-document'
import type { Act } from '../models/core/act'
import { isOutside } from '../models/core/outside'
import { countTry, notBlocked } from '../models/identity/throttle'
import { askForeign } from '../outbound/foreign'
import { renderRefusal } from './errors'
import { note } from './log'

export type AskedFor = { clientId: string; userId: string; known: MetadataClient | undefined }

/**
 * What a program says of itself, for somebody who is signed in: as it was read within the last hour, or else read now, which is two more round trips.
 * `changed`: it is not what the person may have agreed to.
 */
export async function documentOf(
  c: Context<AppEnv>,
  { db, now }: Pick<Act, 'db' | 'now'>,
  { clientId, userId, known }: AskedFor,
): Promise<{ client: MetadataClient; changed: boolean } | { reason: MetadataReason }> {
  if (known && isFresh(known, now)) return { client: known, changed: false }
  if (!mayBeAsked(c, clientId)) return { reason: 'address' }
  const [person, host] = [documentsByPerson(userId), documentsByHost(clientId, known !== undefined)]
  const counted = await db.batch([countTry({ db, now }, host, notBlocked(person, now)), countTry({ db, now }, person)])
  if (!counted.every(({ length }) => length === 1)) return { reason: 'too_often' }
  const document = await askDocument(clientId)
  if (!document) return { reason: 'unreadable' }
  await db.batch(keepDocument(db, clientId, document, now))
  const changed = known !== undefined && !isSame(known, document, now)
  return { client: { id: clientId, ...document, readAt: now }, changed }
}

/** Never on a developer's machine either: nothing that runs there has to be reached by its name. */
const mayBeAsked = ({ env }: Context<AppEnv>, clientId: string) =>
  isMetadataAddress(clientId) && isOutside(clientId, { origins: [env.APP_ORIGIN, ...(env.OLD_ORIGINS ?? [])], development: false })

async function askDocument(clientId: string) {
  const answer = await askForeign(clientId, { Accept: 'application/json' })
  return answer?.status === 200 && isJson(answer.contentType) ? readDocument(clientId, answer.text) : undefined
}

/** RFC 6839 3.1 for the suffix. */
const isJson = (contentType: string) => /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType)

/** Tells somebody why a program cannot be let in. It is told nothing itself: where it leads is not known. */
export function refuseProgram(c: Context<AppEnv>, reason: MetadataReason, clientId: string) {
  note(c, { reason: `program_${reason}` })
  if (reason === 'too_often') c.header('Retry-After', String(HOUR_MS / 1000))
  return renderRefusal(c, reason === 'too_often' ? 429 : 400, PROGRAM_WORDS[reason](URL.parse(clientId)?.hostname ?? clientId))
}
