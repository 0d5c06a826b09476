import { ASK_AGAIN_MS } from '../../src/limits'
import type { SignedInRow } from '../../src/models/apps/reads'
import { OAUTH_PATHS } from '../../src/paths'
import { Message } from '../components/message'
import { When } from '../components/when'
import { either } from '../words'

type Asked = Pick<SignedInRow, 'askedAt' | 'request'>
type Props = {
  app: { id: string; name: string; forAdmins: boolean }
  member: Pick<SignedInRow, 'tenantName'> & Asked
  admins: string[]
  now: number
  next: string
  cancel: string | undefined
}

/** For a member who may not see what the app is for. */
export const NoAccessPage = ({ app, member, admins, now, next, cancel }: Props) => (
  <section id="no-access">
    <Message icon="lock" title={`You do not have access to ${app.name}`}>
      {app.forAdmins ? (
        <p>Only Tenant Admins of {member.tenantName} have access to it.</p>
      ) : (
        <Ask {...{ app, member, admins, now, next }} />
      )}
      {cancel && (
        <a class="button wide" href={cancel}>
          Back to {app.name}
        </a>
      )}
    </Message>
  </section>
)

const Ask = ({ app, member, admins, now, next }: Omit<Props, 'cancel'>) => {
  const { askedAt, request, tenantName } = member
  const admin = admins.length > 0 ? either(admins) : `an admin of ${tenantName}`
  if (askedAt !== null && askedAt + ASK_AGAIN_MS > now) return <Waits {...{ askedAt, request, now }} />
  return (
    <>
      <p>
        {askedAt !== null && (
          <>
            You asked <When at={askedAt} now={now} prefix="" />.{' '}
          </>
        )}
        Ask {admin}.
      </p>
      <form method="post" action={OAUTH_PATHS.ask} hx-disable="find button">
        <input type="hidden" name="app" value={app.id} />
        <input type="hidden" name="next" value={next} />
        <button class="button primary wide">{askedAt === null ? 'Ask for access' : 'Ask again'}</button>
      </form>
    </>
  )
}

const Waits = ({ askedAt, request, now }: { askedAt: number; request: Asked['request']; now: number }) => (
  <p>
    You asked <When at={askedAt} now={now} prefix="" />
    {request === 'declined' ? (
      <>
        , and an admin declined. You can ask again <When at={askedAt + ASK_AGAIN_MS} now={now} prefix="" />.
      </>
    ) : (
      '. You will get an email when an admin answers.'
    )}
  </p>
)
