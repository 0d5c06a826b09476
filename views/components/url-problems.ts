import type { UrlRefusal } from '../../src/models/core/url'

export const URL_PROBLEMS: Record<UrlRefusal, string> = {
  not_https: 'Enter a URL that starts with https://, or a path on this site that starts with /.',
  credentials: 'Leave out the user name and password: everyone who opens it would see them.',
  too_long: 'A URL can have at most 2,000 characters.',
}
