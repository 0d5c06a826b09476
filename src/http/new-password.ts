import type { Context } from 'hono'
import type { JoinProblems } from '../../views/invitations/joining'
import type { AppEnv } from '../env'
import { log } from '../log'
import { nameOf } from '../models/core/name'
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

type Typed = { password: string; name?: string | undefined }

/** Why somebody who joins cannot have this password or name. A form asks for a name; a script may leave it out. */
export async function joinProblemsOf(c: Context<AppEnv>, { password, name }: Typed, ownWords: string[]): Promise<JoinProblems> {
  const problem = await passwordProblemOf(c, password, [...ownWords, name ?? ''])
  return { ...(problem && { password: problem }), ...(name !== undefined && !nameOf(name) && { name: 'missing' }) }
}
