import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { PASS_PHRASE } from '../../dev/seed'
import { hashPassword, verifyPassword } from './password'

const SALT = 'c2FsdHNhbHRzYWx0c2FsdA'
/** "plum teapot" under N=16: quick, and stale. */
const QUICK = `$scrypt$ln=4,r=8,p=1$${SALT}$jNSMNjpvVDHnZ9cDsRmy2Br/RSHxOhX4/S0RLZ7+eWY`

it('a hash is a PHC string of its own salt, and only its password matches', async () => {
  const hash = await hashPassword('plum teapot orbit canyon')

  expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(await verifyPassword(hash, 'plum teapot orbit canyon')).toEqual({ ok: true, stale: false })
  expect(await verifyPassword(hash, 'plum teapot orbit canyoN')).toEqual({ ok: false, stale: false })
  expect(await hashPassword('plum teapot orbit canyon')).not.toBe(hash)
})

it('the hash of the seeds, made elsewhere, is understood', async () => {
  expect(await verifyPassword(env.TEST_PASSWORD_HASH, PASS_PHRASE)).toEqual({ ok: true, stale: false })
})

it('a hash of other parameters still verifies, and asks for a new one', async () => {
  expect(await verifyPassword(QUICK, 'plum teapot')).toEqual({ ok: true, stale: true })
  expect(await verifyPassword(QUICK, 'plum teapots')).toEqual({ ok: false, stale: true })
})

it('composed and combining marks are the same password', async () => {
  const hash = await hashPassword('Zo\u00e9 und die B\u00e4ume')

  expect(await verifyPassword(hash, 'Zoe\u0301 und die Ba\u0308ume')).toMatchObject({ ok: true })
})

it('nobody has no password, not even an empty one or the bytes that stand in for it', async () => {
  for (const password of ['', 'A', '\0'.repeat(32)]) expect(await verifyPassword(undefined, password)).toMatchObject({ ok: false })
})

it('what is no hash matches nothing', async () => {
  for (const stored of ['', '$scrypt$', 'plum teapot', `$scrypt$ln=4,r=8,p=1$${SALT}$`, '$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA'])
    expect(await verifyPassword(stored, 'plum teapot')).toMatchObject({ ok: false })
})
