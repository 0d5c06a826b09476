import { Message } from '../components/message'

/**
 * It is none of ours; or its page is not open in this browser: it was closed too long ago, or the browser sends no cookies at all; or nothing is left of
 * it, as of a copied link after another one was copied.
 */
type Why = 'unknown' | 'lost' | 'no_cookies' | 'gone'

const WORDS: Record<Why, { title: string; text: string }> = {
  unknown: {
    title: 'This link cannot be used',
    text: 'It is incomplete or not one of ours. Copy the whole link from your email, or ask for a fresh one.',
  },
  lost: {
    title: 'Open the link in your email again',
    text: 'It is no longer open in this browser. Nothing was changed.',
  },
  gone: {
    title: 'This link no longer works',
    text: 'It is too old, or a newer one replaced it. Use the newest link that you were given, or ask for a fresh one.',
  },
  no_cookies: {
    title: 'Open the link in your email again',
    text: 'This browser sent no cookies, so it does not have the link open. Nothing was changed. If you see this every time, your browser blocks cookies for this site: allow them, or use another browser.',
  },
}

/** The one neutral page for everything on the paths of links that is not the page of a link. */
export const NoLinkPage = ({ why }: { why: Why }) => (
  <section id="no-link">
    <Message icon="circle-alert" title={WORDS[why].title}>
      <p>{WORDS[why].text}</p>
      <a class="button primary wide" href="/forgot-password">
        Email me a fresh link
      </a>
      <a class="button wide" href="/login">
        Sign in
      </a>
    </Message>
  </section>
)
