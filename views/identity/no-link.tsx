import { Message } from '../components/message'

/** The one neutral page for everything that is not a link of ours, or `lost`: the page of a link that this browser does not have open. */
export const NoLinkPage = ({ lost }: { lost: boolean }) => (
  <section id="no-link">
    <Message icon="circle-alert" title={lost ? 'Open the link in your email again' : 'This link cannot be used'}>
      <p>
        {lost
          ? 'This browser does not have it open any more. Nothing has happened to it. If you see this every time, the browser keeps no cookies for this site: allow them, or use another browser.'
          : 'It is incomplete or not one of ours. Open the link in your email again, all of it.'}
      </p>
      <a class="button wide" href="/login">
        Go to sign in
      </a>
    </Message>
  </section>
)
