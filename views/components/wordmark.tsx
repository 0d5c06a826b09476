/** A keyhole; `public/favicon.svg` is the same drawing. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
    <path d="M7 0h10a7 7 0 0 1 7 7v10a7 7 0 0 1-7 7H7a7 7 0 0 1-7-7V7a7 7 0 0 1 7-7Zm5 5.2a4 4 0 0 0-1.9 7.5l-1.3 5a.9.9 0 0 0 .9 1.1h4.6a.9.9 0 0 0 .9-1.1l-1.3-5A4 4 0 0 0 12 5.2Z" />
  </svg>
)

export const Wordmark = () => (
  <span class="wordmark">
    <Mark />
    Latchkey
  </span>
)
