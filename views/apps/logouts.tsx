import type { AppDetails } from '../../src/models/apps/app-page'
import type { Logout } from '../../src/models/apps/logout-page'
import type { WorkspacePaths } from '../../src/paths'
import { Badge } from '../components/badge'
import { PersonCell } from '../components/person-cell'
import { Cell, Table } from '../components/table'
import { When } from '../components/when'
import { logoutTroubleInWords } from './logout-words'

type Props = { to: WorkspacePaths; now: number; app: Pick<AppDetails, 'id' | 'logoutUri'>; logouts: Logout[] }

/** Whether the tool has heard who is signed out. Nothing where it cannot hear it and never could. */
export const Logouts = ({ to, now, app, logouts }: Props) =>
  app.logoutUri || logouts.length > 0 ? (
    <div class="stack" id="sign-outs">
      <h2>Sign-outs</h2>
      {logouts.length === 0 ? (
        <p class="hint">When somebody is signed out or loses access, the tool is told within seconds.</p>
      ) : (
        <Table class="sign-outs" columns={['Person', 'Signed out', 'The tool']} actions>
          {logouts.map((logout) => (
            <tr>
              <Who {...{ to, logout }} />
              <Cell label="Signed out">
                <When at={logout.at} now={now} />
              </Cell>
              <td data-label="The tool">
                <State {...{ now, logout }} />
              </td>
              <td>{logout.state === 'failed' && <Retry action={to.retryAppLogout(app.id, logout.id)} />}</td>
            </tr>
          ))}
        </Table>
      )}
    </div>
  ) : null

const Who = ({ to, logout: { memberId, email, name } }: { to: WorkspacePaths; logout: Logout }) =>
  memberId && email ? (
    <PersonCell person={{ email, name }} href={to.member(memberId)} pending={false} />
  ) : (
    <th scope="row" class="quiet">
      Someone who has left
    </th>
  )

const State = ({ now, logout }: { now: number; logout: Logout }) => {
  const { state, attempts, doneAt, dueAt } = logout
  if (state === 'sent') return <Badge tone="active">Told</Badge>
  if (state === 'failed')
    return (
      <>
        <Badge tone="bounced">Not told</Badge>
        <small>
          {logoutTroubleInWords(logout.detail)} {doneAt !== null && <When at={doneAt} now={now} prefix="Given up" />}
        </small>
      </>
    )
  return (
    <>
      <Badge tone="pending">Being told</Badge>
      {attempts > 0 && (
        <small>
          {logoutTroubleInWords(logout.detail)} <When at={Math.max(dueAt, now)} now={now} prefix="Next try" />
        </small>
      )}
    </>
  )
}

const Retry = ({ action }: { action: string }) => (
  <form method="post" action={action} hx-disable="find button">
    <button class="button small">Try again</button>
  </form>
)
