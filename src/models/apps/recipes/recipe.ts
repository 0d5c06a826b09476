/** What a tool has to be told of its app. `secret` is a placeholder where it is not to be shown. */
export type Connection = {
  issuer: string
  clientId: string
  secret: string
  /** The first host that a proxy stands before, or an example. */
  host: string
  redirectUris: string[]
  afterLogoutUris: string[]
  /** The audience of an app for an agent. */
  resource: string | null
}

/** The settings of one tool, ready to paste. `file`: where they go, in the tool's own words. `fits`: which apps it can be; without, those with a secret. */
export type Recipe = {
  slug: string
  name: string
  file: string
  text: (connection: Connection) => string
  fits?: (app: { auth: string; resource: string | null }) => boolean
}

export const PLACEHOLDER = 'YOUR_CLIENT_SECRET'

/** Where the tool is: the first redirect address without its path. */
export const originOf = ({ redirectUris: [first], host }: Pick<Connection, 'redirectUris' | 'host'>) =>
  first ? new URL(first).origin : `https://${host}`
