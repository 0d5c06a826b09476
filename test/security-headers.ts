import { expect } from 'vitest'

/** The headers that every answer carries, whatever it says. */
export function expectSecurityHeaders({ headers }: Response) {
  const policy = headers.get('Content-Security-Policy') ?? ''
  for (const rule of ["default-src 'none'", "script-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"])
    expect(policy).toContain(rule)
  expect(policy).not.toMatch(/unsafe|data:|https?:|\*|frame-src|object-src/)
  expect(Object.fromEntries(headers)).toMatchObject({
    'cache-control': 'private, no-store',
    'referrer-policy': 'same-origin',
    'strict-transport-security': 'max-age=63072000',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex',
  })
  if (headers.get('Content-Type')?.startsWith('text/')) expect(headers.get('Content-Type')).toMatch(/charset=utf-8$/i)
  for (const cookie of headers.getSetCookie()) {
    expect(cookie).toMatch(/^__Host-/)
    expect(cookie.split('; ')).toEqual(expect.arrayContaining(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']))
  }
  for (const absent of ['Server', 'X-Powered-By', 'Access-Control-Allow-Origin']) expect(headers.has(absent)).toBe(false)
}
