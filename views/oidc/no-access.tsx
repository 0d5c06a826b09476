import { OAUTH_PATHS } from '../../src/paths'
import { Message } from '../components/message'
import { either } from '../words'

type Props = {
  app: { id: string; name: string; forAdmins: boolean }
  tenantName: string
  admins: string[]
  next: string
  cancel: string | undefined
}

/** For a member who may not see what the app is for. */
export const NoAccessPage = ({ app, tenantName, admins, next, cancel }: Props) => (
  <section id="no-access">
    <Message icon="lock" title={`You do not have access to ${app.name}`}>
      <p>
        {app.forAdmins
          ? `Only Tenant Admins of ${tenantName} have access to it.`
          : `Ask ${admins.length > 0 ? either(admins) : `an admin of ${tenantName}`}.`}
      </p>
      {!app.forAdmins && (
        <form method="post" action={OAUTH_PATHS.ask} hx-disable="find button">
          <input type="hidden" name="app" value={app.id} />
          <input type="hidden" name="next" value={next} />
          <button class="button primary wide">Ask for access</button>
        </form>
      )}
      {cancel && (
        <a class="button wide" href={cancel}>
          Back to {app.name}
        </a>
      )}
    </Message>
  </section>
)
