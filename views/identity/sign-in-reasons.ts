/** Why somebody is asked to sign in who was signed in. */
const REASONS = {
  over: 'You were signed out after 30 minutes.',
  expired: 'You were signed out after 12 hours.',
  ended: 'You were signed out.',
  tries: 'You were signed out after ten wrong tries.',
  again: 'You were signed out of this workspace. Sign in again to open it.',
} as const

export type SignInReason = keyof typeof REASONS

const isReason = (text: string): text is SignInReason => Object.hasOwn(REASONS, text)

export const reasonOf = (text: string | undefined): SignInReason | undefined => (text && isReason(text) ? text : undefined)

export const reasonWords = (reason: SignInReason | undefined) => (reason ? REASONS[reason] : 'You are signed out.')
