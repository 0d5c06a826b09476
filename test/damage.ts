/** What mail programs, gateways and people do to a link; each takes the whole URL, and what it leads to is still the same. */
export type Damage = readonly [what: string, damage: (url: string) => string]

const behind = (text: string) => (url: string) => url + text
const middle = (url: string) => url.length - 90
const inside = (text: string) => (url: string) => url.slice(0, middle(url)) + text + url.slice(middle(url))
const query = (from: string, to: string) => (url: string) => url.replace(from, to)
const token = (change: (text: string) => string) => (url: string) => url.replace(/eyJ.*/, change)
const path = (change: (text: string) => string) => (url: string) => url.replace(/\/(invitation|reset-password)/i, change)

const TRAILING = [
  '.',
  ')',
  '>',
  '%3E',
  ',',
  '!',
  '"',
  '*',
  ';',
  '/',
  '\\',
  '%C2%A0',
  '…',
  '%20',
  '%0A',
  ']',
  '%5D',
  '%E2%80%9D',
  "'",
  '_',
  '**',
  '=',
  '&#39;',
]
const INSIDE = [
  '%20',
  '%0D%0A',
  '%0D%0A%20',
  '+',
  '%E2%80%8B',
  '%C2%AD',
  '%EF%BB%BF',
  '=%0D%0A',
  '=0D=0A',
  '=',
  '%09',
  '%253D%250D%250A',
  '=E2=80=8B',
]

export const DAMAGES: Damage[] = [
  ...TRAILING.map((text) => [`${text} behind it`, behind(text)] as const),
  ...INSIDE.map((text) => [`${text} inside`, inside(text)] as const),
  ['a space before it', query('token=', 'token=%20')],
  ['an equals sign before it', query('token=', 'token==')],
  ['a word glued behind it', behind('Regards')],
  ['a word glued before it', query('token=', 'token=here')],
  ['a dot and a word behind it', behind('.Regards')],
  ['another parameter behind it', behind('&utm_source=mail')],
  ['another parameter before it', query('?', '?utm_source=mail&')],
  ['another parameter before it, as HTML', query('?token', '?x=1&amp;token')],
  ['the same token twice', (url) => `${url}&${url.split('?')[1]}`],
  ['another token before it', query('?', '?token=eyJhbGciOiJub25lIn0.e30.x&')],
  ['angle brackets around it', token((text) => `<${text}>`)],
  ['encoded angle brackets around it', token((text) => `%3C${text}%3E`)],
  ['quotes around it', token((text) => `%22${text}%22`)],
  ['%2E for its dots', token((text) => text.replaceAll('.', '%2E'))],
  ['%2e for its dots', token((text) => text.replaceAll('.', '%2e'))],
  ['%252E for its dots', token((text) => text.replaceAll('.', '%252E'))],
  ['%25252E for its dots', token((text) => text.replaceAll('.', '%25252E'))],
  ['%2D and %5F for its dashes', token((text) => text.replaceAll('-', '%2D').replaceAll('_', '%5f'))],
  ['=2E for its dots', token((text) => text.replaceAll('.', '=2E'))],
  ['doubled dots', token((text) => text.replaceAll('.', '..'))],
  ['?token%3D', query('token=', 'token%3D')],
  ['?token%253D', query('token=', 'token%253D')],
  ['?token=3D', query('token=', 'token=3D')],
  ['?amp;token=', query('?', '?amp;')],
  ['?TOKEN=', query('token', 'TOKEN')],
  ['?Token=', query('token', 'Token')],
  ['%3Ftoken=', query('?', '%3F')],
  ['%253Ftoken=', query('?', '%253F')],
  ['=3Ftoken=', query('?', '=3F')],
  ['??token=', query('?', '??')],
  ['/?token=', query('?', '/?')],
  ['//?token=', query('?', '//?')],
  ['/token= in the path', query('?', '/')],
  ['an upper-case path', path((text) => text.toUpperCase())],
  ['a path that begins with a capital', path((text) => `/${text.charAt(1).toUpperCase()}${text.slice(2)}`)],
  ['a doubled slash', path((text) => `/${text}`)],
  ['a backslash before the path', path((text) => `/\\${text.slice(1)}`)],
  ['a zero-width space in the path', path((text) => `${text.slice(0, 5)}%E2%80%8B${text.slice(5)}`)],
  ['a space behind the path', path((text) => `${text}%20`)],
]

/** What cannot be taken back. */
export const BEYOND_REPAIR: Damage[] = [
  ['written in lower case', token((text) => text.toLowerCase())],
  ['written in upper case', token((text) => text.toUpperCase())],
  ['cut at 255 characters', (url) => url.slice(0, 255)],
  ['cut by its last character', (url) => url.slice(0, -1)],
  ['without its token', token(() => '')],
  ['without its query', (url) => url.split('?')[0] ?? ''],
  ['with a character changed', (url) => url.slice(0, -20) + (url.at(-20) === 'A' ? 'B' : 'A') + url.slice(-19)],
  ['without its header', token((text) => text.slice(text.indexOf('.')))],
  ['without its signature', token((text) => text.slice(0, text.lastIndexOf('.')))],
  ['with another token', token(() => 'nonsense')],
]
