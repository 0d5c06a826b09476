import type { OwnWays } from '../../src/models/identity/own-credentials'
import { Callout } from '../components/callout'
import type { IconName } from '../components/icon'

/** As few codes as a person should make new ones at. */
const FEW_CODES = 3

/** How well the account is protected, in words. */
export const Protection = ({ ways }: { ways: OwnWays }) => {
  const { tone, icon, title, text } = WORDS[protectionOf(ways)]
  return (
    <Callout id="protection" tone={tone} icon={icon}>
      <p>
        <b>{title}</b>
      </p>
      <p>{text}</p>
    </Callout>
  )
}

type State = 'password' | 'no_codes' | 'few_codes' | 'passkey' | 'both'

export function protectionOf({ password, codes, factors }: OwnWays): State {
  if (factors === 0) return 'password'
  if (codes.length === 0) return 'no_codes'
  if (codes.length <= FEW_CODES) return 'few_codes'
  return password ? 'both' : 'passkey'
}

type Words = { tone: 'info' | 'warn'; icon: IconName; title: string; text: string }

const WORDS: Record<State, Words> = {
  password: {
    tone: 'warn',
    icon: 'triangle-alert',
    title: 'Only your password protects this account',
    text: 'Anyone who learns it can sign in as you. Add a passkey or an authenticator app.',
  },
  no_codes: {
    tone: 'warn',
    icon: 'triangle-alert',
    title: 'You have no recovery codes',
    text: 'Your password alone lets no one in. But if you lose your passkey or phone, you are locked out too. Make new codes.',
  },
  few_codes: {
    tone: 'warn',
    icon: 'triangle-alert',
    title: 'You have few recovery codes left',
    text: 'Your password alone lets no one in. Make new codes before the last one is used.',
  },
  passkey: {
    tone: 'info',
    icon: 'shield-check',
    title: 'There is no password that could be stolen',
    text: 'Only your passkeys and recovery codes let anyone into this account.',
  },
  both: {
    tone: 'info',
    icon: 'shield-check',
    title: 'Your password alone lets no one in',
    text: 'Signing in also takes a passkey, your authenticator app, or a recovery code.',
  },
}
