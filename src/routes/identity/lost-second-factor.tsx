import { Hono } from 'hono'
import { LostSecondFactorPage } from '../../../views/identity/lost-second-factor'
import type { AppEnv } from '../../env'

export const lostSecondFactor = new Hono<AppEnv>()

lostSecondFactor.get('/', (c) => {
  const { MAIL_FROM_NAME, APP_ORIGIN } = c.env
  return c.render(<LostSecondFactorPage product={MAIL_FROM_NAME} host={new URL(APP_ORIGIN).host} />, {
    title: 'Lost second factor',
  })
})
