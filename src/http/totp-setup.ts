import type { TotpSetupProps } from '../../views/identity/totp-setup'
import type { Env } from '../env'
import { totpUri } from '../models/identity/totp-secret'
import { type Holder, sealSetup, type TotpSetup } from '../models/identity/totp-setup'

/** What a page shows of a set-up: an app lists it under the name of the deployment, by the address. */
export async function shownSetup(
  { TOTP_KEYS, MAIL_FROM_NAME }: Env,
  holder: Holder & { email: string },
  setup: TotpSetup,
  now: number,
): Promise<TotpSetupProps> {
  const uri = totpUri(setup.secret, { issuer: MAIL_FROM_NAME, account: holder.email })
  return { secret: setup.secret, uri, sealed: await sealSetup(TOTP_KEYS, holder, setup, now) }
}
