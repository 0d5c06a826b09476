import * as access from '../src/db/schema/access'
import * as accessRequests from '../src/db/schema/access-requests'
import * as activity from '../src/db/schema/activity'
import * as apps from '../src/db/schema/apps'
import * as health from '../src/db/schema/health'
import * as identity from '../src/db/schema/identity'
import * as invitations from '../src/db/schema/invitations'
import * as inviteLists from '../src/db/schema/invite-lists'
import * as jobs from '../src/db/schema/jobs'
import * as joinLinks from '../src/db/schema/join-links'
import * as mail from '../src/db/schema/mail'
import * as members from '../src/db/schema/members'
import * as reviews from '../src/db/schema/reviews'
import * as undo from '../src/db/schema/undo'
import * as workspace from '../src/db/schema/workspace'

/** Every table and vocabulary of every domain. */
export const SCHEMA: unknown[] = [
  access,
  accessRequests,
  activity,
  apps,
  health,
  identity,
  invitations,
  inviteLists,
  jobs,
  joinLinks,
  mail,
  members,
  reviews,
  undo,
  workspace,
].flatMap((domain) => Object.values(domain))
