import { NOTE_CHARACTERS } from '../../src/limits'
import type { Role } from '../../src/models/access/access'
import type { AccessDraft } from '../access/access-fields'
import { Choice } from '../components/choice'
import { TextArea } from '../components/field'
import { LAST_DAY_HINT, LastDay } from '../members/member-end'

/** What is chosen for one person, or for everybody in a list. The last day is `YYYY-MM-DD`, the preset an id; both may be empty. */
export type InviteChoices = AccessDraft & { role: Role; note: string; until: string; preset: string }

export const RoleFields = ({ role }: Pick<InviteChoices, 'role'>) => (
  <fieldset class="fieldset">
    <legend>Role</legend>
    <Choice
      name="role"
      value="user"
      title="Tenant User"
      detail="Standard access, limited to the sections you configure"
      checked={role === 'user'}
    />
    <Choice
      name="role"
      value="admin"
      title="Tenant Admin"
      detail="Full access to all sections: agents, users, billing, security"
      checked={role === 'admin'}
    />
  </fieldset>
)

type UntilProps = Pick<InviteChoices, 'until'> & { now: number; error: string | undefined }

/** For a Tenant Admin it is put aside, as their access is. */
export const UntilField = ({ until, now, error }: UntilProps) => (
  <div class="limits">
    <LastDay label="Last day (optional)" value={until} now={now} error={error} hint={LAST_DAY_HINT} />
  </div>
)

type NoteProps = Pick<InviteChoices, 'note'> & { hint: string; error: string | undefined }

export const NoteField = ({ note, hint, error }: NoteProps) => (
  <TextArea id="note" name="note" label="Note (optional)" value={note} limit={NOTE_CHARACTERS} hint={hint} error={error} />
)
