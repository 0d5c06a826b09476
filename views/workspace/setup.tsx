import { NAME_CHARACTERS } from '../../src/limits'
import type { SetupDraft, SetupProblems } from '../../src/models/workspace/setup'
import { AddressField } from '../components/address-field'
import { Field } from '../components/field'
import { Message } from '../components/message'
import { NewPasswordField } from '../identity/new-password'

export type SetupProps = { draft?: SetupDraft; problems?: SetupProblems }

export const SetupPage = ({ draft, problems = {} }: SetupProps) => (
  <section id="setup">
    <div class="card stack">
      <h1>Set up your workspace</h1>
      <p>You will be its first Tenant Admin, and can invite your colleagues next.</p>
      <form class="form" method="post" action="/setup" hx-disable="find button" novalidate>
        <Field
          id="workspace"
          name="workspace"
          label="Workspace name"
          required
          autocomplete="organization"
          maxlength={NAME_CHARACTERS}
          value={draft?.workspace}
          autofocus={!draft}
          hint="Usually your company. Every invitation shows it, and you can change it later."
          error={problems.workspace && 'Enter a name for the workspace.'}
        />
        <Field
          id="name"
          name="name"
          label="Your name"
          required
          autocomplete="name"
          maxlength={NAME_CHARACTERS}
          value={draft?.name}
          error={problems.name && 'Enter your name. Invitations say who sent them.'}
        />
        <AddressField
          id="email"
          label="Email address"
          required
          autocomplete="username"
          value={draft?.email ?? ''}
          hint="You use it to sign in."
          doubt={problems.email}
        />
        <NewPasswordField label="Password" problem={problems.password} />
        <button class="button primary wide">Create workspace</button>
      </form>
    </div>
  </section>
)

export const NothingToSetUpPage = () => (
  <section id="setup">
    <Message icon="circle-alert" title="Nothing to set up here">
      <p>The link is incomplete or older than a day, or the workspace already exists.</p>
      <p class="hint">Ask whoever runs Latchkey for a new set-up link.</p>
      <a class="button wide" href="/login">
        Go to sign in
      </a>
    </Message>
  </section>
)
