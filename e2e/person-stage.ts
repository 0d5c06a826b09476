import { uniqueAddress } from './app.ts'
import { addMember, sql } from './database.ts'
import { signedIn } from './session.ts'
import { go, type Open } from './stage.ts'

/** A page of somebody new in Acme, after these statements over their address. */
export const pageOf =
  (path: string, ...statements: string[]): Open =>
  async ({ request, visitor }) => {
    const email = uniqueAddress('yara')
    await addMember(request, { tenant: 'acme', email, name: 'Yara Haddad' })
    const who = await signedIn(request, email)
    for (const statement of statements) await sql(request, statement, email)
    return go(await visitor(who), path)
  }
