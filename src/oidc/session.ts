import type { AdapterPayload } from 'oidc-provider'
import type { App } from '../models/apps/app'
import type { Somebody } from './exchange'

/** The provider's session is ours, which ended before now or counts: it gets an hour of its own. */
const HOUR_S = 3600

const inSeconds = (ms: number) => Math.floor(ms / 1000)

export const sessionOf = ({ person, authAt, amr, sessionId, sid, grantId }: Somebody, app: App | undefined): AdapterPayload => ({
  kind: 'Session',
  jti: sessionId,
  uid: sessionId,
  accountId: person.sub,
  loginTs: inSeconds(authAt),
  amr,
  authorizations: app ? { [app.id]: { sid, grantId } } : {},
  iat: inSeconds(Date.now()),
  exp: inSeconds(Date.now()) + HOUR_S,
})

/** `resource`: as the code or token in question spells it. */
export const grantOf = ({ person, grantId, scope }: Somebody, app: App | undefined, resource: unknown): AdapterPayload => ({
  kind: 'Grant',
  jti: grantId,
  accountId: person.sub,
  clientId: app?.id ?? '',
  openid: { scope },
  ...(app?.resource && { resources: { [String(resource ?? app.resource)]: scope } }),
  iat: inSeconds(Date.now()),
  exp: inSeconds(Date.now()) + HOUR_S,
})
