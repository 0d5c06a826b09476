import type { PropsWithChildren } from 'hono/jsx'
import type { Proof } from '../../src/models/join-links/join-proof'
import { shownAddress } from '../components/shown-address'
import { TakeOver } from '../identity/take-over'
import {
  type JoinDraft,
  LoginAddress,
  OfferFacts,
  OtherPerson,
  OwnName,
  SetPassword,
  SignedInAs,
  SignInToJoin,
} from '../invitations/joining'
import { TokenField } from '../invitations/link-form'
import type { JoinProofForm } from './join-proof-spent'

type Shown = { proof: Proof; now: number; form: JoinProofForm }
type Drafted = Shown & { draft: JoinDraft | undefined }

/** Whoever has a proven account is signed in with it here, and joins with one button; anybody else sets a password. */
export const ConfirmPage = ({ draft, ...shown }: Drafted) => (
  <Offer {...shown}>
    <form class="form" method="post" action={shown.form.to.join} novalidate>
      <TokenField token={shown.form.token} />
      {shown.proof.account === 'proven' ? (
        <>
          <SignedInAs {...shown.proof} />
          <button class="button primary wide">Join {shown.proof.tenantName}</button>
        </>
      ) : (
        <>
          {shown.proof.account === 'unproven' && <TakeOver {...shown.proof} keep={draft?.keep} />}
          <LoginAddress {...shown.proof} />
          <OwnName name={draft?.name} problem={draft?.problems.name} />
          <SetPassword problem={draft?.problems.password} />
        </>
      )}
    </form>
  </Offer>
)

/** A password is set once the request is approved: until then there is no account. */
export const AskPage = ({ draft, ...shown }: Drafted) => (
  <Offer {...shown}>
    <form class="form" method="post" action={shown.form.to.ask} novalidate>
      <TokenField token={shown.form.token} />
      {shown.proof.account === 'proven' ? (
        <SignedInAs {...shown.proof} />
      ) : (
        <>
          <LoginAddress {...shown.proof} />
          <OwnName name={draft?.name} problem={draft?.problems.name} />
        </>
      )}
      <p>An admin of {shown.proof.tenantName} approves each request. We will email you the answer.</p>
      <button class="button primary wide">Ask to join {shown.proof.tenantName}</button>
    </form>
  </Offer>
)

export const SignInPage = (shown: Shown) => (
  <Offer {...shown}>
    <div class="stack">
      <SignInToJoin {...shown.proof} page={shown.form.to.page} />
    </div>
  </Offer>
)

export const OtherPersonPage = ({ signedInAs, ...shown }: Shown & { signedInAs: string }) => (
  <Offer {...shown}>
    <OtherPerson {...shown.proof} {...{ signedInAs }} what="link" page={shown.form.to.page} />
  </Offer>
)

const Offer = ({ children, proof, now }: PropsWithChildren<Shown>) => (
  <section id="join" class="pair">
    <div class="stack loose">
      <div class="stack">
        <h1>Join {proof.tenantName}</h1>
        <p class="lead">
          With <b>{shownAddress(proof.email)}</b>, by a link that {shownAddress(proof.makerName)} shared.
        </p>
      </div>
      <OfferFacts offer={{ ...proof, role: 'user' }} now={now} />
    </div>
    <div>
      <div class="card">{children}</div>
    </div>
  </section>
)
