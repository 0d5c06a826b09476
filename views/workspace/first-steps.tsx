import type { FirstSteps } from '../../src/models/workspace/first-steps'
import type { WorkspacePaths } from '../../src/paths'
import { Icon } from '../components/icon'

type Props = { to: WorkspacePaths; steps: FirstSteps }

/** For an admin who is alone in a workspace: it is gone once somebody is invited. */
export const GetStarted = ({ to, steps }: Props) => (
  <section class="panel narrow get-started" aria-labelledby="get-started">
    <header>
      <h2 id="get-started">Get started</h2>
      <p>Four steps to bring in your colleagues.</p>
    </header>
    <ol>
      <Step done={steps.emailTested} href={to.checks} title="Check that email arrives">
        Send yourself a test email.
      </Step>
      <Step done={steps.defaultsSet} href={to.permissions} title="Set section defaults">
        Choose which sections new people see, or keep them all.
      </Step>
      <Step done={steps.agentRegistered} href={to.newAgent} title="Register an agent">
        Add the first agent that people can chat with.
      </Step>
      <Step done={false} href={to.invite} title="Invite your first colleague">
        They get an email with a link to join.
      </Step>
    </ol>
  </section>
)

type StepProps = { done: boolean; href: string; title: string; children: string }

const Step = ({ done, href, title, children }: StepProps) => (
  <li class={done ? 'done' : undefined}>
    <Icon name={done ? 'circle-check' : 'circle'} />
    <span>
      <a href={href}>{title}</a>
      {done && <span class="visually-hidden"> (done)</span>}
      <small>{children}</small>
    </span>
  </li>
)
