import type { Context } from 'hono'
import type { AppEnv } from '../env'
import { log } from '../log'
import { type PasswordProblem, passwordProblem } from '../models/identity/password-rules'
import { isBreached } from '../outbound/breaches'

/**
 * Why a new password is refused: by the rules, and only then by what is known of breaches, so that a bad one is told to nobody.
 * `ownWords` are the names and the address of the person and their workspaces.
 */
export async function passwordProblemOf(
  c: Context<AppEnv>,
  password: string,
  ownWords: string[],
): Promise<PasswordProblem | undefined> {
  const problem = passwordProblem(password, ownWords)
  if (problem) return problem
  const breached = await isBreached({ rangeUrl: c.env.PASSWORD_RANGE_URL, password })
  if (breached === undefined) log({ action: 'ask for breaches', outcome: 'failed', requestId: c.get('requestId') })
  return breached ? 'breached' : undefined
}
