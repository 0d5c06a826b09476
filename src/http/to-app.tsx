import type { Context } from 'hono'
import { GoOnPage, PostBackPage } from '../../views/oidc/go-on'
import type { AppEnv } from '../env'

/** The answer of the provider, which goes back to the app by the browser: as it is, or posted where the app asked for that. */
export function backToApp(c: Context<AppEnv>, answer: Response, query: URLSearchParams) {
  const to = URL.parse(answer.headers.get('Location') ?? '')
  return to && query.get('response_mode') === 'form_post' ? postBack(c, to) : answer
}

/** What an answer may say (RFC 6749 4.1.2, RFC 9207); whatever else is in the address was registered with it. */
const SAID = ['code', 'state', 'iss', 'error', 'error_description']

/** The tool may send the form on to wherever it likes, by a secure way: this page has no other. */
function postBack(c: Context<AppEnv>, to: URL) {
  const fields = [...to.searchParams].filter(([name]) => SAID.includes(name))
  for (const [name] of fields) to.searchParams.delete(name)
  c.set('forms', `${to.origin} https:`)
  // The form is the app's, to which nobody says whose page it stood on.
  c.set('signedIn', undefined)
  return c.render(<PostBackPage action={to.href} fields={fields} />, { title: 'Continuing' })
}

/** A page that goes on by itself, with or without JavaScript: a redirect would count as one of the form before it. */
export function goOnTo(c: Context<AppEnv>, href: string, name?: string) {
  c.header('Refresh', `0; url=${href}`)
  return c.render(<GoOnPage href={href} name={name} />, { title: 'Continuing' })
}
