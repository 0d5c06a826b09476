import type { Context } from 'hono'
import { ConsentPage } from '../../views/oidc/consent'
import { NoAccessPage } from '../../views/oidc/no-access'
import type { AppEnv } from '../env'
import type { App } from '../models/apps/app'
import { isLoopback } from '../models/core/outside'
import { adminNames } from '../models/members/member'
import type { Member } from './app-sign-in'

/** `next`: where somebody comes from and goes on to. `cancel`: how they go back to the app instead, where there is a way. */
type Way = { next: string; cancel: string | undefined }

/** Asks whether an app may know who this is. */
export const askForConsent = (
  c: Context<AppEnv>,
  app: App,
  { row }: Member,
  { client = '', ...shown }: Way & { scopes: string[]; client?: string; changed?: boolean },
) => {
  const program = client ? programOf(client, shown.next) : undefined
  return c.render(<ConsentPage {...shown} {...{ app, program }} person={row} granted={app.grantedAt !== null && !program} />, {
    title: `Sign in to ${app.name}`,
  })
}

/** What can be known of a program: whose website speaks of it, and whether it runs on the machine of whoever signs in. */
function programOf(id: string, next: string) {
  const to = URL.parse(URL.parse(next, id)?.searchParams.get('redirect_uri') ?? '')
  return { id, host: new URL(id).hostname, local: to !== null && isLoopback(to) }
}

/** Tells a member who may not see what the app is for whom to ask. */
export async function sayWhomToAsk(c: Context<AppEnv>, app: App, { row, act }: Member, way: Way) {
  const admins = (await adminNames(act)).map(({ name }) => name)
  c.status(403)
  return c.render(<NoAccessPage {...{ app, admins, ...way }} member={row} now={act.now} />, { title: 'No access' })
}
