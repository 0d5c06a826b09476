import type { ListedApp } from '../../src/models/apps/list'
import type { Paging } from '../../src/models/core/paging'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { AccessPage } from '../access/access'
import { Empty } from '../components/empty'
import { Icon } from '../components/icon'
import { Pager } from '../components/pager'
import type { Stale } from '../components/stale'
import { Cell, Table } from '../components/table'
import { When } from '../components/when'
import { numberOf } from '../words'
import { subjectName } from './app-words'

type Props = { to: WorkspacePaths; apps: ListedApp[]; paging: Paging; now: number; stale?: Stale | undefined }

export const AppsPage = ({ to, apps, paging, now, stale }: Props) => (
  <AccessPage to={to} id="apps" tab="apps" stale={stale}>
    {apps.length === 0 ? (
      <Empty icon="layout-grid" title="No apps yet">
        <p>
          An app is a tool, such as Grafana or Langfuse, that signs people in through Latchkey. You connect it to a section, an
          agent, or the whole workspace, and only people who can see that get in.
        </p>
        <a class="button primary" href={to.newApp}>
          Connect an app
        </a>
      </Empty>
    ) : (
      <div class="stack">
        <div class="buttons spread">
          <p class="hint">
            Tools that sign people in through Latchkey. Only people who can see what a tool is connected to get in.
          </p>
          <a class="button" href={to.newApp}>
            <Icon name="plus" />
            Connect an app
          </a>
        </div>
        <AppTable {...{ to, apps, now }} />
        <Pager id="apps" label="Pages" paging={paging} hrefTo={(link) => withQuery(to.apps, link)} target="apps" />
      </div>
    )}
  </AccessPage>
)

const AppTable = ({ to, apps, now }: Pick<Props, 'to' | 'apps' | 'now'>) => (
  <Table columns={['App', 'Stands for', 'Signed in', 'Last used']}>
    {apps.map((app) => (
      <tr>
        <th scope="row">
          <a href={to.app(app.id)}>{app.name}</a>
        </th>
        <Cell label="Stands for">{subjectName(app)}</Cell>
        <Cell label="Signed in">{signedInWords(app.people)}</Cell>
        <Cell label="Last used">{app.usedAt === null ? 'Never' : <When at={app.usedAt} now={now} />}</Cell>
      </tr>
    ))}
  </Table>
)

const signedInWords = (people: ListedApp['people']) => {
  if (people === 'many') return '100+'
  return people === 0 ? 'No one' : numberOf(people)
}
