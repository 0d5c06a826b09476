/** What somebody reads on the host of a tool, whose proxy passes it on. `retry`: what its link says, where one helps; `beside`: in a tab of its own. */
export type ForwardWords = { status: 400 | 401 | 403 | 404 | 429 | 503; title: string; text: string; retry?: string; beside?: true }

export type ForwardRefusal =
  | 'no_request'
  | 'unproven'
  | 'not_its_host'
  | 'blocked'
  | 'signed_out'
  | 'no_cookie'
  | 'no_ticket'
  | 'not_found'
  | 'trouble'

export const FORWARD_WORDS: Record<ForwardRefusal, ForwardWords> = {
  no_request: {
    status: 400,
    title: 'This proxy did not say what it was asked for',
    text: 'Compare its settings with those that Latchkey shows for the app.',
  },
  unproven: {
    status: 403,
    title: 'This proxy is not connected to Latchkey',
    text: 'Check the client id and the secret in its settings.',
  },
  not_its_host: {
    status: 403,
    title: 'This host is not connected to Latchkey',
    text: 'A Tenant Admin can add it to the hosts of the app.',
  },
  blocked: {
    status: 429,
    title: 'Too many wrong secrets',
    text: 'Check the client id and the secret in the settings of the proxy, then try again in five minutes.',
  },
  signed_out: {
    status: 401,
    title: 'You are signed out',
    text: 'Nothing was sent. Sign in in another tab, then come back here and reload.',
    retry: 'Sign in',
    beside: true,
  },
  no_cookie: {
    status: 400,
    title: 'Your browser kept no cookie',
    text: 'Allow cookies for this page, then try again.',
    retry: 'Try again',
  },
  no_ticket: {
    status: 400,
    title: 'This sign-in did not work',
    text: 'It took longer than a minute, was used before, or was begun in another browser.',
    retry: 'Try again',
  },
  not_found: { status: 404, title: 'Page not found', text: 'Latchkey has no such page here.', retry: 'Go on' },
  trouble: { status: 503, title: 'Latchkey is unavailable right now', text: 'Try again in a moment.', retry: 'Try again' },
}
