import type { Context } from 'hono'
import type { AppEnv } from '../env'
import type { Exchange } from '../oidc/exchange'

export const newExchange = (now: number): Exchange => ({
  now,
  app: undefined,
  program: undefined,
  method: undefined,
  found: undefined,
  somebody: undefined,
  consented: false,
  again: false,
  choice: false,
  cancelled: false,
  writes: [],
})

/** The provider's answer to a request, from what the exchange knows. It is loaded when it is asked for the first time: most requests are pages. */
export async function answerOfProvider(c: Context<AppEnv>, request: Request, exchange: Exchange): Promise<Response> {
  const { answer } = await import('../oidc/bridge')
  return answer(request, { origin: c.env.APP_ORIGIN, keys: c.env.OIDC_KEYS }, exchange)
}
