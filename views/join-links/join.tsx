import type { AddressDoubt } from '../../src/models/core/typed-address'
import type { JoinLink, JoinLinkState } from '../../src/models/join-links/join-link'
import { AddressField } from '../components/address-field'
import { Callout } from '../components/callout'
import { Message } from '../components/message'
import { shownAddress } from '../components/shown-address'
import { When } from '../components/when'
import { SignIn } from '../invitations/joining'
import { TokenField } from '../invitations/link-form'
import { eitherDomain } from './join-words'

type Link = Pick<JoinLink, 'domains' | 'approval' | 'makerName'> & { state: JoinLinkState; tenantName: string; allowed: string[] }

export type JoinPageProps = {
  link: Link
  now: number
  form: { to: string; token: string }
  email: string
  doubt?: AddressDoubt | undefined
  /** When (ms) the link or the network may ask again. */
  retryAt?: number | undefined
}

export const JoinPage = ({ link, form, email, doubt, retryAt, now }: JoinPageProps) => (
  <section id="join">
    <div class="card stack">
      <h1>Join {link.tenantName}</h1>
      <p>{introOf(link)}</p>
      {retryAt && (
        <Callout tone="bad">
          Too many requests for this link or from your network. You can try again <When at={retryAt} now={now} prefix="" />.
        </Callout>
      )}
      <form class="form" method="post" action={form.to} novalidate>
        <TokenField token={form.token} />
        <AddressField
          id="email"
          label="Email address"
          autocomplete="username"
          required
          value={email}
          doubt={doubt}
          hint={domainHint(link)}
        />
        <button class="button primary wide">Email me a link</button>
      </form>
    </div>
  </section>
)

function domainHint({ domains, allowed }: Link) {
  const only = domains.length > 0 ? domains : allowed
  return only.length > 0 ? `Use an address at ${eitherDomain(only)}.` : undefined
}

const introOf = ({ makerName, approval }: Link) =>
  `${shownAddress(makerName)} shared this link. Enter your email and we will send you a link to ${
    approval ? 'ask to join. An admin approves each request' : 'join'
  }.`

/** The same words whatever the address is. */
export const JoinSentPage = ({ email }: { email: string | undefined }) => (
  <section id="join">
    <Message icon="mail-check" title="Check your email">
      <p>We emailed a link to {email ? <b>{shownAddress(email)}</b> : 'the address you entered'}. It works once, for an hour.</p>
      <p class="hint">
        No email within a few minutes? Check your spam folder and the address you entered. An address gets at most three of these
        emails an hour.
      </p>
    </Message>
  </section>
)

type Spent = Exclude<JoinLinkState, 'open'>

const SPENT: Record<Spent, { title: string; text: (workspace: string) => string }> = {
  off: { title: 'This link was turned off', text: (workspace) => `To join ${workspace}, ask one of its admins for an invitation.` },
  expired: { title: 'This link has expired', text: (workspace) => `To join ${workspace}, ask one of its admins for a new link.` },
  full: {
    title: 'This link has no uses left',
    text: (workspace) =>
      `As many people as it was made for have used it. To join ${workspace}, ask one of its admins for a new link.`,
  },
}

export const JoinSpentPage = ({ link: { state, tenantName } }: { link: Link }) => {
  const { title, text } = SPENT[state === 'open' ? ('off' as const) : state]
  return (
    <section id="join">
      <Message icon="circle-alert" title={title}>
        <p>{text(tenantName)}</p>
        <SignIn />
      </Message>
    </section>
  )
}
