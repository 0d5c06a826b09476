import { Message } from '../components/message'

/** The one neutral page for everything that is not a link of ours, or no longer open in this browser. */
export const NoLinkPage = () => (
  <section id="no-link">
    <Message icon="circle-alert" title="This link cannot be used">
      <p>It is incomplete, or this browser no longer has it open. Open the link in your mail again, all of it.</p>
      <a class="button wide" href="/login">
        Go to sign in
      </a>
    </Message>
  </section>
)
