import { accept } from '../src/models/invitations/acceptance'
import { actNamed, type Invitee, invitee, somebody } from './cast'
import { one, run } from './database'

export const OLD_HASH = '$scrypt$of-whoever-was-handed-the-link'

/** A second link to an open invitation, as copying one leaves it. */
export async function copied({ jti }: Pick<Invitee, 'jti'>): Promise<string> {
  const copy = crypto.randomUUID().padEnd(43, '0')
  await run('UPDATE invitations SET copied_jti = ? WHERE jti = ?', copy, jti)
  return copy
}

/** Somebody in Acme whose account was made by a link that they were handed. */
export async function unprovenAccount(email = `${crypto.randomUUID()}@acme.test`) {
  const nell = await invitee(await actNamed('ada'), email)
  await accept(somebody(), await copied(nell), { passwordHash: OLD_HASH, name: 'Whoever' })
  const user = await one<{ id: string }>('SELECT id FROM users WHERE email_key = ?', email)
  return { ...nell, userId: user?.id ?? '' }
}
