import type { AdapterPayload } from 'oidc-provider'
import type { Exchange, Somebody } from './exchange'

/** The provider's session is ours, which ended before now or counts: it gets an hour of its own. */
const HOUR_S = 3600

const inSeconds = (ms: number) => Math.floor(ms / 1000)

/** Of the app, or of the program that asks in its place. */
const clientIdOf = ({ app, program }: Exchange) => program?.id ?? app?.id ?? ''

export const sessionOf = ({ person, authAt, amr, sessionId, sid, grantId }: Somebody, exchange: Exchange): AdapterPayload => ({
  kind: 'Session',
  jti: sessionId,
  uid: sessionId,
  accountId: person.sub,
  loginTs: inSeconds(authAt),
  amr,
  authorizations: { [clientIdOf(exchange)]: { sid, grantId } },
  iat: inSeconds(Date.now()),
  exp: inSeconds(Date.now()) + HOUR_S,
})

/** Its resource is spelled as the code or token in question spells it. */
export const grantOf = ({ person, grantId, scope }: Somebody, exchange: Exchange): AdapterPayload => ({
  kind: 'Grant',
  jti: grantId,
  accountId: person.sub,
  clientId: clientIdOf(exchange),
  openid: { scope },
  ...(exchange.app?.resource && { resources: { [String(exchange.found?.payload.resource ?? exchange.app.resource)]: scope } }),
  iat: inSeconds(Date.now()),
  exp: inSeconds(Date.now()) + HOUR_S,
})
