import { When } from '../components/when'

/** Of a password, where there is a link to reset it; `retryAt` in ms. */
export const TooManyTries = ({ retryAt, now }: { retryAt: number; now: number }) => (
  <>
    Too many attempts. Try again <When at={Math.max(retryAt, now + 1000)} now={now} prefix="" />, or reset your password now.
  </>
)
