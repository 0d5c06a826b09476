import { type Connection, PLACEHOLDER } from './recipe.ts'

/** What stands for the tool in the settings, to be replaced by where it listens. */
export const TOOL = '127.0.0.1:3000'

export const IDENTITY = ['User', 'Email', 'Name', 'Role', 'Groups'].map((name) => `X-Latchkey-${name}`)

/** How the proxy proves itself: by the id and the secret in base64. `how` is a comment that says how to write it. */
export const proofOf = ({ clientId, secret }: Connection) => ({
  basic: `Basic ${secret === PLACEHOLDER ? 'OUTPUT_OF_THE_COMMAND_ABOVE' : btoa(`${clientId}:${secret}`)}`,
  how: `After the word Basic comes what this prints: printf '%s' '${clientId}:${secret}' | base64 -w0`,
})
