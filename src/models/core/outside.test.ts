import { describe, expect, it } from 'vitest'
import { isOutside } from './outside'

const INSIDE = { origins: ['https://latchkey.example', 'https://old.example'], development: false }

describe('an address that somebody gave', () => {
  it.each([
    'https://tool.example/logout?x=1',
    'https://a.b.tool.example',
    'https://xn--mller-kva.example/',
    'https://tool.example:443/',
  ])('%s is asked', (url) => expect(isOutside(url, INSIDE)).toBe(true))

  it.each([
    ['that is none', 'tool.example/logout'],
    ['by http', 'http://tool.example/'],
    ['by another scheme', 'ftp://tool.example/'],
    ['on another port', 'https://tool.example:8443/'],
    ['of our own', 'https://latchkey.example/oauth/logout'],
    ['of our own in capitals', 'https://LATCHKEY.example/'],
    ['of our own with a dot after it', 'https://latchkey.example./'],
    ['of our own in full-width letters', 'https://ｌatchkey.example/'],
    ['of our own from before', 'https://old.example/'],
    ['with a name and a password', 'https://user:password@tool.example/'],
    ['with a fragment', 'https://tool.example/#x'],
    ['by an IP address', 'https://192.0.2.7/'],
    ['by an IP address as one number', 'https://3221225991/'],
    ['by an IP address in hex', 'https://0xc0000207/'],
    ['by an IP address in octal', 'https://0300.0.02.07/'],
    ['by a short IP address', 'https://127.1/'],
    ['by an IP address with a dot after it', 'https://127.0.0.1./'],
    ['by an IPv6 address', 'https://[::1]/'],
    ['by an IPv4 address within IPv6', 'https://[::ffff:127.0.0.1]/'],
    ['of this machine', 'https://localhost/'],
    ['of a name without a domain', 'https://intranet/'],
    ['of a network of its own', 'https://metadata.google.internal/'],
    ['of a printer', 'https://printer.local./'],
    ['of this machine by http', 'http://localhost:4000/'],
  ])('%s is not: %s', (_, url) => {
    expect(isOutside(url, INSIDE)).toBe(false)
  })

  it.each([
    ['with a name that looks like a host', 'https://tool.example@127.0.0.1/'],
    ['on the port of plain HTTP', 'https://tool.example:80/'],
    ['of a file', 'file:///etc/passwd'],
    ['that is what it says', 'data:application/json,{}'],
    ['of this machine with a dot after it', 'https://localhost./'],
    ['of a name of this machine', 'https://tool.localhost/'],
    ['by an IP address in full-width digits', 'https://１２７.0.0.1/'],
    ['by the address of metadata of a cloud', 'https://169.254.169.254/latest/meta-data/'],
    ['by no address', 'https://0/'],
    ['by a public IPv6 address', 'https://[2001:db8::1]/'],
    ['of a network of its own', 'https://router.local/'],
    ['of a cloud of its own', 'https://metadata.google.internal/'],
    ['of a cloud of its own with a dot after it', 'https://metadata.google.internal./'],
    ['of somebody’s home', 'https://nas.home.arpa/'],
  ])('%s is not either: %s', (_, url) => {
    expect(isOutside(url, INSIDE)).toBe(false)
  })

  it.each(['https://notlatchkey.example/', 'https://latchkey.example.tool.example/', 'https://tools.latchkey.example/'])(
    'of a name that ours is a part of is asked: %s',
    (url) => expect(isOutside(url, INSIDE)).toBe(true),
  )

  it.each(['http://localhost:4000/', 'http://127.0.0.1:4000/logout', 'http://[::1]:4000/'])(
    'of a developer’s own machine is asked from there: %s',
    (url) => expect(isOutside(url, { ...INSIDE, development: true })).toBe(true),
  )

  it.each(['http://192.168.0.7/', 'http://tool.example/', 'https://127.0.0.1/'])(
    'of another machine is not asked from there either: %s',
    (url) => expect(isOutside(url, { ...INSIDE, development: true })).toBe(false),
  )
})
