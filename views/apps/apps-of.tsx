import type { AppName } from '../../src/models/apps/list'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { Icon } from '../components/icon'

type Props = { to: WorkspacePaths; apps: AppName[]; subject: { name: string; for: string } }

/** On the page of a section or an agent, for admins: the tools that it lets people into. */
export const AppsOf = ({ to, apps, subject }: Props) => (
  <div class="panel" id="apps-of">
    <header>
      <h2>Apps</h2>
      <p>
        {apps.length === 0
          ? `A tool that you connect signs in only people who can see ${subject.name}.`
          : `These tools sign in only people who can see ${subject.name}.`}
      </p>
    </header>
    {apps.length > 0 && (
      <ul class="points">
        {apps.map(({ id, name }) => (
          <li>
            <a href={to.app(id)}>{name}</a>
          </li>
        ))}
      </ul>
    )}
    <div class="buttons">
      <a class="button" href={withQuery(to.newApp, { for: subject.for })}>
        <Icon name="plus" />
        Connect an app
      </a>
    </div>
  </div>
)
