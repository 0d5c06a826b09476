import type { Context } from 'hono'
import { LoginPage, type LoginProps } from '../../views/identity/login'
import { SecondStepPage, type SecondStepProps } from '../../views/identity/second-step'
import type { AppEnv } from '../env'
import type { SecondStep } from '../models/identity/second-step'
import type { HalfSignedIn } from '../models/identity/sign-in'
import { secondStepPath } from '../paths'
import { probeCookies } from './cookie-probe'
import { note } from './log'
import type { WayOn } from './signed-in'

/** After a right password. What was typed into a form before has no place in a URL, so that the page then comes without a redirect. */
export function toSecondStep(c: Context<AppEnv>, { half }: HalfSignedIn, way: WayOn) {
  note(c, { event: 'authn_login_second_factor', user: half.userId })
  return way.draft ? show(c, { half, ...way }) : c.redirect(secondStepPath(half.id, way.next), 303)
}

/**
 * The page of a second step; the sign-in page in its place where the sign-in is over, so that the way on and what was typed before are kept. Whyever it
 * is over it says the same, but for the last of the codes, which only its own browser gives.
 */
export function showSecondStep(c: Context<AppEnv>, { half, state }: SecondStep, way: WayOn, problem?: SecondStepProps['problem']) {
  if (half && state.step === 'half') return show(c, { half, ...way, problem, now: Date.now() })
  return showSignIn(c, way, { email: half?.email ?? '', refusal: { reason: state.step === 'over' ? state.reason : 'expired' } })
}

/** Begins anew with the way on and what was typed before. */
export function showSignIn(c: Context<AppEnv>, way: WayOn, shown: Pick<LoginProps, 'email' | 'refusal' | 'now'> = { email: '' }) {
  probeCookies(c)
  return c.render(<LoginPage {...way} {...shown} />, { title: 'Sign in' })
}

const show = (c: Context<AppEnv>, props: SecondStepProps) => c.render(<SecondStepPage {...props} />, { title: 'One more step' })
