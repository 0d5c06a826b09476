import type { PropsWithChildren } from 'hono/jsx'
import type { Invitation } from '../../src/models/invitations/invitation'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { PasskeyPart } from '../components/passkey-form'
import { shownAddress } from '../components/shown-address'
import { TakeOver } from '../identity/take-over'
import { type JoinDraft, LoginAddress, OfferFacts, OtherPerson, OwnName, SetPassword, SignedInAs, SignInToJoin } from './joining'
import { type LinkForm, TokenField } from './link-form'
import { Suppressed } from './suppressed'

type Shown = { invitation: Invitation; now: number; form: LinkForm }

/** Where `views/client/app.js` reports that a person uses the page. */
const opened = ({ to }: LinkForm) => ({ 'data-opened': to.opened })

/** Of somebody new, or of an account that becomes theirs by it. */
export const SetPasswordPage = ({ draft, ...shown }: Shown & { draft: JoinDraft | undefined }) => (
  <Offer {...shown}>
    <form class="form" method="post" action={shown.form.to.accept} {...opened(shown.form)} {...eitherWay(shown)} novalidate>
      <TokenField token={shown.form.token} />
      {shown.invitation.account === 'unproven' && <TakeOver {...shown.invitation} keep={draft?.keep} />}
      <LoginAddress {...shown.invitation} />
      <OwnName name={draft?.name ?? shown.invitation.invitedName ?? undefined} problem={draft?.problems.name} />
      <SetPassword problem={draft?.problems.password} />
      {shown.invitation.account === 'none' && (
        <PasskeyPart button="Create a passkey instead" class="button wide" problem={draft?.noPasskey ? NO_PASSKEY : undefined} />
      )}
    </form>
  </Offer>
)

const eitherWay = ({ invitation, form }: Shown) =>
  invitation.account === 'none' ? { 'data-passkey': 'create', 'data-options': form.to.passkey, 'data-either': 'yes' } : {}

const NO_PASSKEY = 'The passkey was not created. It took too long, or your device did not verify you. Try again, or set a password.'

/** A link that was handed over makes an account. It opens none that is there and unproven, and makes none where a domain counts: that takes the email. */
export const EmailedLinkOnlyPage = (shown: Shown) => (
  <Offer {...shown}>
    <form class="form" method="post" action={shown.form.to.renew} {...opened(shown.form)}>
      <TokenField token={shown.form.token} />
      <p>
        <WhyEmailedOnly {...shown.invitation} /> To join {shown.invitation.tenantName}, use the link that we emailed to it. This
        link has not been used.
      </p>
      <button class="button primary wide">Email me the link</button>
    </form>
  </Offer>
)

const WhyEmailedOnly = ({ account, email, tenantName }: Pick<Invitation, 'account' | 'email' | 'tenantName'>) =>
  account === 'none' ? (
    <>
      {tenantName} allows only some domains, so <b>{shownAddress(email)}</b> has to be confirmed.
    </>
  ) : (
    <>
      <b>{shownAddress(email)}</b> already has an account, but no one has confirmed the address.
    </>
  )

export const JoinPage = ({ proven, ...shown }: Shown & { proven: boolean }) => (
  <Offer {...shown}>
    {proven ? (
      <form class="form" method="post" action={shown.form.to.accept} {...opened(shown.form)}>
        <TokenField token={shown.form.token} />
        <SignedInAs {...shown.invitation} />
        <button class="button primary wide">Join {shown.invitation.tenantName}</button>
      </form>
    ) : (
      <div class="stack" {...opened(shown.form)}>
        <SignInToJoin {...shown.invitation} page={shown.form.to.page} />
      </div>
    )}
  </Offer>
)

export const OtherPersonPage = ({ signedInAs, ...shown }: Shown & { signedInAs: string }) => (
  <Offer {...shown}>
    <OtherPerson {...shown.invitation} {...{ signedInAs }} what="invitation" page={shown.form.to.page} />
  </Offer>
)

const Offer = ({ children, ...shown }: PropsWithChildren<Shown>) => (
  <section id="invitation" class="pair">
    <Facts {...shown} />
    <div>
      {shown.invitation.suppression && <Suppressed {...shown} suppression={shown.invitation.suppression} />}
      <div class="card">{children}</div>
      <div class="after">
        <ConfirmTrigger for="decline" class="button ghost small">
          Decline the invitation
        </ConfirmTrigger>
      </div>
    </div>
    <Decline {...shown} />
  </section>
)

const Facts = ({ invitation, now }: Shown) => (
  <div class="stack loose">
    <div class="stack">
      <h1>Join {invitation.tenantName}</h1>
      <p class="lead">
        {shownAddress(invitation.inviterName)} invited <b>{shownAddress(invitation.email)}</b>.
      </p>
    </div>
    {invitation.note && <blockquote class="note">{invitation.note}</blockquote>}
    <OfferFacts offer={invitation} now={now} />
  </div>
)

const Decline = ({ invitation: { tenantName, email }, form: { to, token } }: Shown) => (
  <Confirm
    id="decline"
    title="Decline the invitation?"
    action={to.decline}
    button="Decline"
    fields={
      <>
        <TokenField token={token} />
        <Never tenantName={tenantName} email={email} />
      </>
    }
  >
    <p>The link stops working, and the admins of {tenantName} see that you declined.</p>
  </Confirm>
)

const Never = ({ tenantName, email }: Pick<Invitation, 'tenantName' | 'email'>) => (
  <div class="field never">
    <label>
      <input type="checkbox" name="never" value="on" aria-describedby="never-hint" />
      Never invite me again
    </label>
    <p class="hint" id="never-hint">
      {tenantName} can no longer email {shownAddress(email)}. Its admins see only that this address cannot be emailed. To undo this,
      open this link again within 24 hours.
    </p>
  </div>
)
