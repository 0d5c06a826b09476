import { AsyncLocalStorage } from 'node:async_hooks'
import type { Answer } from '../models/apps/answer'
import type { App } from '../models/apps/app'
import type { Person } from '../models/apps/claims'
import type { Write } from '../models/apps/exchange'

/** A code or a token as its row has it. */
export type Found = { id: string; kind: string; payload: Record<string, unknown>; consumedAt: number | null }

/** A program that names itself by the address of a document, in the place of the app whose agent it asks for. */
export type Program = { id: string; redirectUris: string[] }

/** Who asks at the authorization endpoint, or whose token it is. */
export type Somebody = {
  person: Person
  answer: Answer
  /** ms */
  authAt: number
  amr: string[]
  sessionId: string
  sid: string
  grantId: string
  /** What the grant holds: scopes of OpenID, and with `resource` those of the agent. */
  scope: string
}

/** Why the authorization endpoint answers with a page of ours. */
export type Prompt = 'login' | 'access' | 'select_account' | 'consent'

/** Whose sign-out the logout endpoint was asked for, and where it goes on to after: the provider has checked both. */
export type Logout = { clientId: string | undefined; uri: string | undefined; state: string | undefined }

/**
 * One request of an app: what was read before the provider was asked, and what it wants written, which goes to the database as one batch after it has
 * answered. Nothing of it is shared by two requests.
 */
export type Exchange = {
  now: number
  app: App | undefined
  program: Program | undefined
  /** How its secret came, where it came. */
  method: 'client_secret_basic' | 'client_secret_post' | undefined
  found: Found | undefined
  somebody: Somebody | undefined
  /** Consent that this request does not have to ask for. */
  consented: boolean
  /** The app wants a new proof of who this is. */
  again: boolean
  /** The app wants its person to see who they are. */
  choice: boolean
  /** Its person has gone back to it. */
  cancelled: boolean
  writes: Write[]
  prompt?: { name: Prompt; params: Record<string, unknown> }
  refused?: { error: string; cause: unknown }
  logout?: Logout
}

const current = new AsyncLocalStorage<Exchange>()

export const during = <T>(exchange: Exchange, work: () => T): T => current.run(exchange, work)

/** @throws Error outside of `during` */
export function exchangeNow(): Exchange {
  const exchange = current.getStore()
  if (!exchange) throw new Error('The provider was asked outside of an exchange.')
  return exchange
}
