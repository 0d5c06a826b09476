import { Hono } from 'hono'
import { WorkspacesPage } from '../../../views/identity/workspaces'
import type { AppEnv } from '../../env'
import { enterAsPerson } from '../../http/door'
import { waitingInvitationsOf } from '../../models/identity/waiting-invitation'
import { membershipsOf } from '../../models/members/viewer'

export const workspaces = new Hono<AppEnv>()

workspaces.get('/', async (c) => {
  const { person, memberships, waiting, now } = await enterAsPerson(c, (at) => ({
    memberships: membershipsOf(at),
    waiting: waitingInvitationsOf(at),
  }))
  return c.render(<WorkspacesPage email={person.email} isProven={person.provedAt !== null} {...{ memberships, waiting, now }} />, {
    title: 'Workspaces',
  })
})
