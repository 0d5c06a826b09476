import type { UrlRefusal } from '../../src/models/core/url'

export const URL_PROBLEMS: Record<UrlRefusal, string> = {
  not_https: 'Write an address that begins with https://, or a path of this site that begins with /.',
  credentials: 'Leave out the user name and password: everybody who opens it would see them.',
  too_long: 'An address can have at most 2,000 characters.',
}
