import { Message } from '../components/message'

/**
 * It is none of ours; or its page is not open in this browser: it was closed too long ago, or the browser sends no cookies at all; or nothing is left of
 * it, as of a copied link after another one was copied.
 */
type Why = 'unknown' | 'lost' | 'no_cookies' | 'gone'

/** By its path: a join link was handed over, and what it has emailed is emailed again by it alone. */
export type LinkKind = 'emailed' | 'join_link' | 'join'

type Words = { title: string; text: string }

const NO_COOKIES =
  'This browser sent no cookies, so it does not have the link open. Nothing was changed. If you see this every time, your browser blocks cookies for this site: allow them, or use another browser.'

const EMAILED: Record<Why, Words> = {
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
  no_cookies: { title: 'Open the link in your email again', text: NO_COOKIES },
}

const WORDS: Record<LinkKind, Record<Why, Words>> = {
  emailed: EMAILED,
  join_link: {
    unknown: {
      title: 'This link cannot be used',
      text: 'It is incomplete or not one of ours. Open the whole link that you were given, or scan the QR code again.',
    },
    lost: {
      title: 'Open the join link again',
      text: 'It is no longer open in this browser. Nothing was changed. Open the link that you were given, or scan the QR code again.',
    },
    gone: { title: 'This link no longer works', text: 'Ask whoever gave it to you for a new one.' },
    no_cookies: { title: 'Open the join link again', text: NO_COOKIES },
  },
  join: {
    ...EMAILED,
    unknown: {
      title: 'This link cannot be used',
      text: 'It is incomplete or not one of ours. Copy the whole link from your email, or open the join link again.',
    },
    gone: { title: 'This link no longer works', text: 'Open the join link again and enter your email to get a new one.' },
  },
}

/** The one neutral page for everything on the paths of links that is not the page of a link. */
export const NoLinkPage = ({ kind, why }: { kind: LinkKind; why: Why }) => (
  <section id="no-link">
    <Message icon="circle-alert" title={WORDS[kind][why].title}>
      <p>{WORDS[kind][why].text}</p>
      {kind === 'emailed' && (
        <a class="button primary wide" href="/forgot-password">
          Email me a fresh link
        </a>
      )}
      <a class="button wide" href="/login">
        Sign in
      </a>
    </Message>
  </section>
)
