import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../env'
import { linkOf as markOf } from '../models/core/random'

/** The field that says whose page a form stands on. */
export const WHOSE = 'whose'

/** Somebody else has signed in, in this browser, since the page was shown whose form was sent. */
export class OtherPerson extends HTTPException {
  constructor(readonly person: string) {
    super(409)
  }
}

const POST_FORM = /<form\b[^>]*\bmethod="post"[^>]*>/g

/**
 * Writes into every form of a signed-in person's page whose it is: here once, so that no form can forget it. Attributes are escaped, so that a
 * tag ends at the first `>`.
 */
export async function withPerson(c: Context<AppEnv>, page: { toString(): string }): Promise<string> {
  const userId = (c.get('viewer') ?? c.get('person'))?.userId ?? c.get('signedIn')
  if (!userId) return page.toString()
  return page.toString().replaceAll(POST_FORM, `$&<input type="hidden" name="${WHOSE}" value="${await markOf(userId)}"/>`)
}

/** Judges a form by whose page it stood on; a script that does not say expects nobody. @throws OtherPerson */
export async function expectPerson(c: Context<AppEnv>, person: { userId: string; name: string | null; email: string }) {
  if (!(await isFromPageOf(c, person.userId))) throw new OtherPerson(person.name ?? person.email)
}

export async function isFromPageOf(c: Context<AppEnv>, userId: string): Promise<boolean> {
  if (c.req.method !== 'POST') return true
  const form = await c.req.formData().catch(() => new FormData())
  const shown = form.get(WHOSE)
  return shown === null || shown === (await markOf(userId))
}
