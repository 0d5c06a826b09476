import type { PropsWithChildren } from 'hono/jsx'
import type { Member } from '../../src/models/members/member'
import type { WorkspacePaths } from '../../src/paths'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { CopyField } from '../components/copy-field'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { shownAddress, shownName } from '../components/shown-address'
import { DateAndTime, When } from '../components/when'

type Props = { to: WorkspacePaths; member: Member }

/** Before a link is made: what it is for, and what it does not do. */
export const CopyLinkPage = ({ to, member, restricted }: Props & { restricted: boolean }) => (
  <Frame {...{ to, member }} title="Copy invitation link">
    <div class="panel">
      <p>
        For when email does not reach {shownAddress(member.email)}. Give the link to them yourself: whoever opens it first can set a
        password and join as {shownName(member)}.
      </p>
      <ul class="points">
        <li>The emailed link keeps working. Once either of them is used, both are closed.</li>
        <li>A link that you copied earlier stops working.</li>
        <li>Their address stays unconfirmed, so they cannot join another workspace until they use a link that we emailed.</li>
        <li>The activity log will show that you copied it.</li>
      </ul>
      {restricted ? (
        <Callout tone="warn">
          This workspace allows only some domains, so people join with the link that we email them. See Settings.
        </Callout>
      ) : member.state === 'expired' ? (
        <Callout tone="warn">This invitation has expired. Resend it first, then copy the new link.</Callout>
      ) : (
        <Copy to={to} member={member} />
      )}
    </div>
  </Frame>
)

const Copy = ({ to, member }: Props) => (
  <form class="buttons" method="post" action={to.copyLink(member.id)} hx-disable="find button">
    <input type="hidden" name="state" value={member.status} />
    <button class="button primary">
      <Icon name="link" />
      Copy link
    </button>
    <a class="button ghost" href={to.member(member.id)}>
      Cancel
    </a>
  </form>
)

type CopiedProps = Props & { link: string; expiresAt: number; now: number }

/** Shown once: the link is stored nowhere. */
export const CopiedLinkPage = ({ to, member, link, expiresAt, now }: CopiedProps) => (
  <Frame {...{ to, member }} title="Invitation link">
    <div class="panel">
      <CopyField id="link" label={`Link for ${shownName(member)}`} value={link} />
      <Callout tone="warn">
        Copy it now: it is shown only once. Give it only to {shownName(member)}, in a way that no one else can read.
      </Callout>
      <p>
        It works once and expires <When at={expiresAt} now={now} prefix="" />, on <DateAndTime at={expiresAt} />.
      </p>
      <div class="buttons">
        <a class="button" href={to.member(member.id)}>
          Done
        </a>
      </div>
    </div>
  </Frame>
)

const Frame = ({ to, member, title, children }: PropsWithChildren<Props & { title: string }>) => (
  <section id="copy-link" class="narrow">
    <BackLink href={to.member(member.id)}>{shownName(member)}</BackLink>
    <PageHead title={title} />
    {children}
  </section>
)
