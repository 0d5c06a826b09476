import { FEW_RECOVERY_CODES } from '../../src/limits'
import type { OwnWays } from '../../src/models/identity/own-credentials'
import { Callout } from '../components/callout'
import { dayOf } from '../components/when'
import type { AccountProps } from './account-props'

/** How well the account is protected, in words. */
export const Protection = ({ ways, asking, now }: Pick<AccountProps, 'ways' | 'asking' | 'now'>) => {
  const { title, text, warns } = ways.factors === 0 && asking ? askedBy(asking, now) : protectionOf(ways)
  return (
    <Callout id="protection" tone={warns ? 'warn' : 'info'} icon={warns ? 'triangle-alert' : 'shield-check'}>
      <h3>{title}</h3>
      <p>{text}</p>
    </Callout>
  )
}

type Words = { title: string; text: string; warns?: true }

function protectionOf(ways: OwnWays): Words {
  const { password, codes, factors } = ways
  if (factors === 0) return ONLY_PASSWORD
  if (codes.length === 0) return NO_CODES
  if (codes.length <= FEW_RECOVERY_CODES) return fewCodes(codes.length)
  return password
    ? { title: 'A stolen password is not enough to get in', text: `Signing in also takes ${whatElse(ways)}.` }
    : NO_PASSWORD
}

const askedBy = ({ tenantName, dueAt }: NonNullable<AccountProps['asking']>, now: number): Words => ({
  title: `${tenantName} requires a second factor`,
  text: `Only your password protects this account. From ${dayOf(dueAt, now)}, you cannot open ${tenantName} without a passkey or an authenticator app.`,
  warns: true,
})

const ONLY_PASSWORD: Words = {
  title: 'Only your password protects this account',
  text: 'Anyone who learns it can sign in as you. Add a passkey or an authenticator app.',
  warns: true,
}
const NO_CODES: Words = {
  title: 'You have no recovery codes',
  text: 'If you lose your phone or passkey, you cannot sign in without help. Make new codes, and keep them in a safe place.',
  warns: true,
}
const NO_PASSWORD: Words = {
  title: 'You sign in without a password',
  text: 'There is no password to guess or steal. Signing in takes a passkey or a recovery code.',
}

const fewCodes = (left: number): Words => ({
  title: left === 1 ? 'Only 1 recovery code is left' : `Only ${left} recovery codes are left`,
  text: 'Make new ones before you need the last.',
  warns: true,
})

const whatElse = ({ passkeys, app }: OwnWays) =>
  passkeys.length === 0
    ? 'your authenticator app or a recovery code'
    : app
      ? 'a passkey, your authenticator app, or a recovery code'
      : 'a passkey or a recovery code'
