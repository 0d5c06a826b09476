import type { Context } from 'hono'
import { type Resumed, ResumePage, resumeTitle } from '../../views/identity/resume'
import type { AppEnv } from '../env'
import { type Draft, enteredIn } from './draft'

/** Gives a form back, in the place of a redirect: only this request has what was typed. */
export const resume = (c: Context<AppEnv>, draft: Draft, why: Resumed) =>
  c.render(<ResumePage draft={draft} shown={enteredIn(draft)} why={why} />, { title: resumeTitle(draft, why) })
