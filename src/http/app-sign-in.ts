import type { Context } from 'hono'
import type { AppEnv } from '../env'
import { type Answer, answerOf } from '../models/apps/answer'
import type { App } from '../models/apps/app'
import type { AskedApp } from '../models/apps/asked-app'
import { readSignIn, signInReads } from '../models/apps/read-sign-in'
import { personOf, type SignedInRow, standingOf } from '../models/apps/reads'
import type { MemberAct } from '../models/core/act'
import { randomId } from '../models/core/random'
import type { Somebody } from '../oidc/exchange'
import { enterToProve, expectFactors, SignedOut, visitorIfAny } from './door'
import { originOf } from './origin'

/** The member of an app's workspace who asks to be signed in to it, by a session that counts there. */
export type Member = { row: SignedInRow; answer: Answer; act: MemberAct }

/**
 * The door of what an app sends people to: it belongs to no path of a workspace, and it is the app's workspace that answers. Nobody is sent away by it.
 * `person` is whose session it is, wherever they are a member.
 */
export async function readAppSignIn(c: Context<AppEnv>, asked: AskedApp) {
  const at = await visitorIfAny(c)
  const { app, known, row, person } = await readSignIn(at, asked)
  if (row) c.set('signedIn', row.userId)
  return { at, app, known, person, member: app && row && memberOf(c, app, row, at) }
}

/**
 * The same for a form of a page of ours. @throws what `enterToProve` does, and for somebody who has not proven the second factor that the workspace
 * of the app asks for
 */
export async function enterForApp(c: Context<AppEnv>, asked: AskedApp) {
  const { person, asking, ...read } = await enterToProve(c, (at) => signInReads(at, asked))
  const {
    act,
    now,
    app: [app],
    row: [row],
  } = read
  if (row?.outdated) throw new SignedOut({ reason: 'again', userId: person.userId, sessionId: person.sessionId })
  expectFactors(
    c,
    person,
    asking.filter(({ tenantId }) => tenantId === row?.tenantId),
    now,
  )
  return { app, member: app && row && memberOf(c, app, row, act) }
}

export function memberOf(c: Context<AppEnv>, app: App, row: SignedInRow, { db, now }: Pick<MemberAct, 'db' | 'now'>): Member {
  const { tenantId, memberId, name, email } = row
  const act = { db, now, tenantId, memberId, by: { memberId, name, email, ip: originOf(c).ip } }
  return { row, answer: answerOf(app, standingOf(row), now), act }
}

/** The same as the provider knows them: a name, a grant and a sign-in of their own, which are new where they have none. */
export const somebodyOf = ({ row, answer }: Member): Somebody => ({
  person: personOf(row, row.sub ?? randomId()),
  answer,
  authAt: row.authAt,
  amr: row.factor ? ['mfa'] : ['pwd'],
  sessionId: row.sessionId,
  sid: row.sid ?? randomId(),
  grantId: row.grantId ?? randomId(),
  scope: 'openid profile email groups offline_access',
})
