import type { Client } from './client'
import { linkIn, resetLinkIn } from './database'

type Fields = Record<string, string>

/** What a page that a link leads to knows: where it is, and the token that its forms carry. */
export class OpenedLink {
  constructor(
    readonly client: Client,
    readonly page: string,
    readonly token: string,
    readonly answer: Response,
  ) {}

  show() {
    return this.client.get(this.page)
  }

  /** `action` stands behind the page's own path, as in `/accept`. */
  post(action: string, fields: Fields = {}) {
    return this.client.post(this.page + action, { token: this.token, ...fields })
  }

  submit(action: string, fields: Fields = {}) {
    return this.client.submit(this.page + action, { token: this.token, ...fields })
  }
}

export const tokenIn = (link: string) => new URL(link, 'https://latchkey.test').searchParams.get('token') ?? ''

/** Opens a link in this browser. */
export async function open(client: Client, link: string) {
  const answer = await client.get(link)
  return new OpenedLink(client, answer.headers.get('Location') ?? '', tokenIn(link), answer)
}

export const openInvitation = async (client: Client, address: string) => open(client, await linkIn(address))
export const openReset = async (client: Client, address: string) => open(client, await resetLinkIn(address))
