import type { WorkspacePaths } from '../../src/paths'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { PageHead } from '../components/page-head'
import { DateAndTime } from '../components/when'
import { Settings, type ToolSettings } from './settings'

type Props = {
  to: WorkspacePaths
  app: { id: string; name: string }
  secret: string
  settings: ToolSettings
  /** When the one before it stops working (ms). */
  formerUntil: number | undefined
}

/** Shown once: what is kept of it is a fingerprint. A reload sends the form again, which then says so. */
export const SecretPage = ({ to, app, secret, settings, formerUntil }: Props) => (
  <section id="app-secret" class="stack loose narrow">
    <div>
      <BackLink href={to.apps}>Apps</BackLink>
      <PageHead title={formerUntil === undefined ? `${app.name} is connected` : `New secret for ${app.name}`} />
    </div>
    <Callout tone="warn">
      <p>
        Copy the client secret now: it is shown only once.
        {formerUntil !== undefined && (
          <>
            {' '}
            The old one works until <DateAndTime at={formerUntil} />.
          </>
        )}
      </p>
    </Callout>
    <Settings {...settings} title="Settings for the tool" secret={secret} />
    <div class="buttons">
      <a class="button primary" href={to.app(app.id)}>
        I have copied it
      </a>
    </div>
  </section>
)
