import type { SetupDraft, SetupProblems } from '../../src/models/workspace/setup'
import { Field, PasswordField } from '../components/field'
import { Message } from '../components/message'
import { PASSWORD_HINT, PASSWORD_PROBLEMS } from '../identity/password-problems'

export type SetupProps = { draft?: SetupDraft; problems?: SetupProblems }

export const SetupPage = ({ draft, problems = {} }: SetupProps) => (
  <section id="setup">
    <div class="card stack">
      <h1>Set up your workspace</h1>
      <p>You become its first Tenant Admin. Then you sign in and invite your colleagues.</p>
      <form class="form" method="post" action="/setup" hx-disable="find button" novalidate>
        <Field
          id="workspace"
          name="workspace"
          label="Workspace name"
          required
          autocomplete="organization"
          maxlength={80}
          value={draft?.workspace}
          autofocus={!draft}
          hint="Your company, usually. Shown in every invitation; you can change it later."
          error={problems.workspace && 'Give the workspace a name.'}
        />
        <Field
          id="name"
          name="name"
          label="Your name"
          required
          autocomplete="name"
          maxlength={80}
          value={draft?.name}
          error={problems.name && 'Say who you are: invitations name who sent them.'}
        />
        <Field
          id="email"
          name="email"
          label="Email address"
          type="email"
          required
          autocomplete="username"
          value={draft?.email}
          hint="You sign in with it."
          error={problems.email && 'That does not look like an email address.'}
        />
        <PasswordField
          id="password"
          name="password"
          label="Password"
          autocomplete="new-password"
          required
          hint={problems.password ? undefined : PASSWORD_HINT}
          error={problems.password && PASSWORD_PROBLEMS[problems.password]}
        />
        <button class="button primary wide">Create workspace</button>
      </form>
    </div>
  </section>
)

export const NothingToSetUpPage = () => (
  <section id="setup">
    <Message icon="circle-alert" title="Nothing to set up here">
      <p>The link is incomplete or older than a day, or the workspace exists already.</p>
      <p class="hint">Whoever runs Latchkey for you gets a new link by deploying again.</p>
      <a class="button wide" href="/login">
        Go to sign in
      </a>
    </Message>
  </section>
)
