import type { Answer } from '../../src/models/apps/answer'
import type { WorkspacePaths } from '../../src/paths'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { PageHead } from '../components/page-head'

type Claims = Record<string, unknown>
type Reason = Exclude<Answer, 'yes'> | 'failed'
type Props = {
  to: WorkspacePaths
  app: { id: string; name: string }
  tried: { idToken: Claims; userinfo: Claims } | { reason: Reason }
}

const REASONS: Record<Reason, string> = {
  no_access: 'You would not be signed in: you do not have access to what this app is connected to.',
  enrol: 'You would have to set up a second factor first.',
  prove: 'You would have to confirm it’s you first.',
  failed: 'You would not be signed in. Check the type of the app and its addresses.',
}

/** What signing in would give the tool, without the tool. */
export const TryPage = ({ to, app, tried }: Props) => (
  <section id="try-app" class="stack loose narrow">
    <div>
      <BackLink href={to.app(app.id)}>{app.name}</BackLink>
      <PageHead
        title="Sign in to it as me"
        lead="What Latchkey answers when you sign in. The tool is not asked, and nothing is kept."
      />
    </div>
    {'reason' in tried ? (
      <Callout tone="warn">{REASONS[tried.reason]}</Callout>
    ) : (
      <>
        <Callout tone="info" icon="circle-check">
          You would be signed in to {app.name}. With all scopes, it learns this about you:
        </Callout>
        <ClaimList title="ID token" claims={tried.idToken} />
        <ClaimList title="Userinfo" claims={tried.userinfo} />
      </>
    )}
  </section>
)

const ClaimList = ({ title, claims }: { title: string; claims: Claims }) => (
  <div class="panel">
    <header>
      <h2>{title}</h2>
    </header>
    <dl class="facts claims">
      {Object.entries(claims).map(([name, value]) => (
        <>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>{inWords(name, value)}</dd>
        </>
      ))}
    </dl>
  </div>
)

/** Times are in seconds (RFC 7519 2). */
const TIMES = ['iat', 'exp', 'auth_time']

function inWords(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  if (TIMES.includes(name) && typeof value === 'number')
    return `${value} (${new Date(value * 1000).toISOString().slice(11, 16)} UTC)`
  return String(value)
}
