import type { AppSetupProps } from '../../views/identity/app-setup'
import type { Env } from '../env'
import { appUri } from '../models/identity/app-secret'
import { type AppSetup, type Holder, sealSetup } from '../models/identity/app-setup'

/** What a page shows of a set-up: an app lists it under the name of the deployment, by the address. */
export async function shownSetup(
  { TOTP_KEYS, MAIL_FROM_NAME }: Env,
  holder: Holder & { email: string },
  setup: AppSetup,
  now: number,
): Promise<AppSetupProps> {
  const uri = appUri(setup.secret, { issuer: MAIL_FROM_NAME, account: holder.email })
  return { secret: setup.secret, uri, sealed: await sealSetup(TOTP_KEYS, holder, setup, now) }
}
