import { describe, expect, it } from 'vitest'
import { type AppDraft, BLANK_APP, checkApp } from './draft'

const ORIGIN = 'https://latchkey.test'
const DRAFT: AppDraft = { ...BLANK_APP, name: 'Grafana', redirect_uris: 'https://grafana.test/cb' }
const KEY = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'one' }

const check = (draft: Partial<AppDraft>, agentId: string | null = null, origin: 'http://localhost:8787' | typeof ORIGIN = ORIGIN) =>
  checkApp({ ...DRAFT, ...draft }, { agentId }, origin)

describe('a redirect address', () => {
  it.each([
    'https://grafana.test',
    'https://Grafana.test:8443/cb?a=b',
    'http://localhost:3000/cb',
    'http://127.0.0.1/cb',
    'http://[::1]:9/cb',
  ])('%s is kept as it is typed', (typed) => {
    expect(check({ redirect_uris: `  ${typed} \r\n\n${typed}` })).toMatchObject({ facts: { redirectUris: [typed] } })
  })

  it.each([
    ['http://grafana.test/cb', 'not_https'],
    ['http://localhost.grafana.test/', 'not_https'],
    ['javascript:alert(1)', 'not_url'],
    ['com.grafana.app:/cb', 'not_url'],
    ['grafana://cb', 'not_https'],
    ['https:///', 'not_url'],
    ['https://a b.test/', 'not_url'],
    ['https://grafana.test\\@evil.test/', 'not_url'],
    ['https://*.grafana.test/', 'wildcard'],
    ['https://grafana.test/#', 'fragment'],
    ['https://me@grafana.test/', 'credentials'],
    ['https://latchkey.test/', 'own'],
    [`https://grafana.test/${'x'.repeat(500)}`, 'too_long'],
  ])('%s is refused, and named', (typed, reason) => {
    const redirect_uris = `https://grafana.test/cb\n${typed}`
    expect(check({ redirect_uris })).toEqual({ problems: { redirect_uris: { reason, typed } } })
    expect(check({ after_logout_uris: typed })).toEqual({ problems: { after_logout_uris: { reason, typed } } })
  })

  it('is none of ours on a developer’s machine either', () => {
    const typed = 'http://localhost:8787/cb'
    expect(check({ redirect_uris: typed }, null, 'http://localhost:8787')).toEqual({
      problems: { redirect_uris: { reason: 'own', typed } },
    })
  })

  it('is one of at most 20, and needed unless a proxy asks', () => {
    const many = Array.from({ length: 21 }, (_, i) => `https://grafana.test/${i}`)
    expect(check({ redirect_uris: many.join('\n') })).toEqual({ problems: { redirect_uris: { reason: 'too_many' } } })
    expect(check({ redirect_uris: many.slice(1).join('\n') })).toMatchObject({ facts: {} })
    expect(check({ redirect_uris: ' \n' })).toEqual({ problems: { redirect_uris: { reason: 'missing' } } })
    expect(check({ redirect_uris: '', hosts: 'mlflow.test' })).toMatchObject({
      facts: { redirectUris: [], hosts: ['mlflow.test'] },
    })
  })
})

describe('the address that is told of sign-outs', () => {
  it.each([
    ['http://grafana.test/out', 'not_https'],
    ['https://grafana.test:8443/out', 'port'],
    ['https://10.0.0.1/out', 'no_name'],
    ['https://2130706433/out', 'no_name'],
    ['https://0x7f.1/out', 'no_name'],
    ['https://[::1]/out', 'no_name'],
    ['https://localhost/out', 'no_name'],
    ['https://grafana/out', 'no_name'],
    ['https://grafana.local/out', 'no_name'],
    ['https://grafana.internal./out', 'no_name'],
    ['https://latchkey.test./out', 'no_name'],
    ['https://latchkey.test/out', 'own'],
    ['https://me:x@grafana.test/out', 'credentials'],
  ])('is not %s', (logout_uri, reason) => {
    expect(check({ logout_uri })).toEqual({ problems: { logout_uri: { reason } } })
  })

  it('is a public name, or none', () => {
    expect(check({ logout_uri: 'https://grafana.test/out?a=b' })).toMatchObject({
      facts: { logoutUri: 'https://grafana.test/out?a=b' },
    })
    expect(check({ logout_uri: ' ' })).toMatchObject({ facts: { logoutUri: null } })
  })
})

describe('a host behind a proxy', () => {
  it('is kept as browsers write it, each once', () => {
    expect(check({ hosts: 'MLflow.test\nmlflow.test:443\nmlflow.test:8443\nbücher.test' })).toMatchObject({
      facts: { hosts: ['mlflow.test', 'mlflow.test:8443', 'xn--bcher-kva.test'] },
    })
  })

  it.each([
    ['https://mlflow.test', 'not_host'],
    ['mlflow.test/path', 'not_host'],
    ['*.mlflow.test', 'not_host'],
    ['me@mlflow.test', 'not_host'],
    ['latchkey.test', 'own'],
  ])('is not %s', (typed, reason) => {
    expect(check({ hosts: typed })).toEqual({ problems: { hosts: { reason, typed } } })
  })
})

describe('the audience of an app', () => {
  it('is for that of an agent alone, and kept as tokens are compared', () => {
    expect(check({ resource: 'https://Agent.test' }, 'an-agent')).toMatchObject({ facts: { resource: 'https://agent.test/' } })
    expect(check({ resource: 'https://agent.test/' })).toMatchObject({ facts: { resource: null } })
    expect(check({ resource: 'http://agent.test/' }, 'an-agent')).toEqual({ problems: { resource: { reason: 'not_https' } } })
  })
})

describe('the keys of an app', () => {
  const keys = (jwks: string) => check({ auth: 'key', jwks })

  it('are public ones, in a set or alone', () => {
    for (const jwks of [{ keys: [KEY] }, KEY])
      expect(keys(JSON.stringify(jwks))).toMatchObject({ facts: { jwks: { keys: [KEY] } } })
    expect(check({ auth: 'secret', jwks: 'whatever' })).toMatchObject({ facts: { jwks: null } })
  })

  it.each([
    ['', 'missing'],
    ['{', 'not_json'],
    ['[1]', 'not_json'],
    ['{"keys":[]}', 'no_keys'],
    ['{"kty":"EC","crv":"P-256","x":"x"}', 'no_keys'],
    ['{"kty":"oct","k":"x"}', 'symmetric'],
    [JSON.stringify({ ...KEY, d: 'x' }), 'private'],
    [JSON.stringify({ keys: Array.from({ length: 11 }, () => KEY) }), 'too_many'],
  ])('%s are refused as %s', (jwks, reason) => {
    expect(keys(jwks)).toEqual({ problems: { jwks: reason } })
  })
})

it('PKCE can be left out where a tool proves itself, and never where it does not', () => {
  const pkce = (auth: AppDraft['auth']) => check({ auth, no_pkce: 'on', jwks: JSON.stringify(KEY) })
  expect([pkce('secret'), pkce('key'), pkce('none')]).toMatchObject([
    { facts: { pkce: false } },
    { facts: { pkce: false } },
    { facts: { pkce: true } },
  ])
})
