import type { AccountProps } from './account-props'

/** In the place of the ways to set up a first second factor: where a workspace asks for one, that takes an emailed link. */
export const AskedPanel = ({ asking }: { asking: NonNullable<AccountProps['asking']> }) => (
  <div class="panel" id="second-factor">
    <header>
      <h3>Passkey or authenticator app</h3>
      <p>Because {asking.tenantName} requires a second factor, we email you a link to set up your first one.</p>
      <a class="button" href="/account/second-factor?next=%2Faccount">
        Set up
      </a>
    </header>
  </div>
)
