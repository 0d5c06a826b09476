import { Message } from '../components/message'

/** In the place of the answer to a form. */
export const FactorNeededPage = ({ tenantName, href }: { tenantName: string; href: string }) => (
  <section id="factor-needed">
    <Message icon="lock" title={`${tenantName} requires a second factor`}>
      <p>Nothing was sent. To continue, set up a passkey or an authenticator app.</p>
      <a class="button primary wide" href={href}>
        Set up a second factor
      </a>
    </Message>
  </section>
)
