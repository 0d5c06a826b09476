/** What a tool has to be told of its app. `secret` is a placeholder where it is not to be shown. */
export type Connection = {
  issuer: string
  clientId: string
  secret: string
  /** The first host that a proxy stands before, or an example. */
  host: string
  redirectUris: string[]
  /** The audience of an app for an agent. */
  resource: string | null
}

/** The settings of one tool, ready to paste. `file`: where they go, in the tool's own words. */
export type Recipe = {
  slug: string
  name: string
  file: string
  text: (connection: Connection) => string
}

export const PLACEHOLDER = 'YOUR_CLIENT_SECRET'

/** The first redirect address without its path: where the tool is. */
export const originOf = ({ redirectUris, host }: Pick<Connection, 'redirectUris' | 'host'>) =>
  redirectUris[0] ? new URL(redirectUris[0]).origin : `https://${host}`
