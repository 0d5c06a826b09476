import { NAME_CHARACTERS } from '../../src/limits'
import { Field } from '../components/field'

export const NamePanel = ({ name }: { name: string }) => (
  <form class="panel form" method="post" action="/account/name">
    <Field id="name" name="name" label="Name" autocomplete="name" maxlength={NAME_CHARACTERS} value={name} />
    <footer>
      <span>Shown in your workspaces and on the invitations you send.</span>
      <button class="button">Save name</button>
    </footer>
  </form>
)
