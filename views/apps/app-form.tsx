import { NAME_CHARACTERS } from '../../src/limits'
import type { AppDraft, AppProblems } from '../../src/models/apps/draft'
import type { For } from '../../src/models/apps/list'
import type { WorkspacePaths } from '../../src/paths'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { Field } from '../components/field'
import { PageHead } from '../components/page-head'
import { type Stale, StaleCallout } from '../components/stale'
import { theirsInWords } from '../components/theirs'
import { Addresses, More } from './app-addresses'
import { Kind } from './app-kind'
import { type AppRefusal, whoMay } from './app-words'

export type AppFormProps = {
  to: WorkspacePaths
  title: string
  /** The one that is edited. */
  app: { id: string; name: string } | undefined
  subject: For
  /** Of a new one: how the form is told from any other, and what its `for` says. */
  fresh?: { form: string; for: string } | undefined
  draft: AppDraft
  problems?: AppProblems | undefined
  refusal?: AppRefusal | undefined
  /** What somebody else made of a field meanwhile. */
  theirs?: Partial<AppDraft> | undefined
  stale?: Stale | undefined
  shown: { version: number; fields: string } | undefined
}

export type PartProps = {
  draft: AppDraft
  problems: AppProblems
  refusal: AppRefusal | undefined
  theirs: Partial<AppDraft>
  subject: For
}

export const AppFormPage = ({ to, title, app, subject, fresh, stale, shown, ...form }: AppFormProps) => {
  const { draft, problems = {}, theirs = {}, refusal } = form
  const part = { draft, problems, theirs, refusal, subject }
  return (
    <section id="app-form">
      <BackLink href={pageOf({ to, app })}>{app ? app.name : 'Apps'}</BackLink>
      <PageHead title={title} lead={whoMay(subject)} />
      <StaleCallout stale={stale} />
      {refusal?.field === 'top' && <Callout tone="bad">{refusal.text}</Callout>}
      <form class="form narrow" method="post" action={pageOf({ to, app })} hx-disable="find button" novalidate>
        {shown && <input type="hidden" name="version" value={shown.version} />}
        {shown && <input type="hidden" name="shown" value={shown.fields} />}
        {fresh && <input type="hidden" name="form" value={fresh.form} />}
        {fresh && <input type="hidden" name="for" value={fresh.for} />}
        <Field
          id="name"
          name="name"
          label="Name"
          required
          autocomplete="off"
          maxlength={NAME_CHARACTERS}
          placeholder="Grafana"
          autofocus={!app && Object.keys(problems).length === 0 && !refusal}
          value={draft.name}
          hint="People read it when they sign in."
          error={problems.name ? 'Enter a name for the app.' : theirsInWords(theirs.name, draft.name)}
        />
        <Kind {...part} edited={app !== undefined} />
        <Addresses {...part} />
        <More {...part} />
        <div class="buttons">
          <button class="button primary">{app ? 'Save changes' : 'Connect app'}</button>
          <a class="button ghost" href={pageOf({ to, app })}>
            Cancel
          </a>
        </div>
      </form>
    </section>
  )
}

/** An app has a page, a new one has that of them all. */
const pageOf = ({ to, app }: Pick<AppFormProps, 'to' | 'app'>) => (app ? to.app(app.id) : to.apps)
