import type { invitationPaths } from '../../src/paths'

/** What every form of a link's page acts by: the paths of its link, and the token that must be of the same. */
export type LinkForm = { to: ReturnType<typeof invitationPaths>; token: string }

export const TokenField = ({ token }: Pick<LinkForm, 'token'>) => <input type="hidden" name="token" value={token} />
