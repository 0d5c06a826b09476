import { afterEach, describe, expect, it, vi } from 'vitest'
import { receive } from './secrets.ts'

const FRAME = (text: string) => `-----BEGIN PRIVATE KEY-----\n${text}\n-----END PRIVATE KEY-----\n`

afterEach(() => vi.unstubAllEnvs())

describe('a DKIM key', () => {
  it.each(['-----BEGIN PRIVATE KEY-----', FRAME('MII'), 'secret'])(
    'that the Worker would refuse is not taken: %j',
    async (text) => {
      vi.stubEnv('DKIM_PRIVATE_KEY', text)
      await expect(receive('DKIM_PRIVATE_KEY')).rejects.toThrow('DKIM_PRIVATE_KEY must be an RSA key in PEM or Base64.')
    },
  )

  it('is taken as it is given', async () => {
    const pem = FRAME(`MII${'B'.repeat(1600)}`)
    vi.stubEnv('DKIM_PRIVATE_KEY', pem)
    expect(await receive('DKIM_PRIVATE_KEY')).toBe(pem)
  })

  it('is not asked for, since of several lines a prompt takes the first', async () => {
    const asking = receive('DKIM_PRIVATE_KEY', async () => '-----BEGIN PRIVATE KEY-----')
    await expect(asking).rejects.toThrow('Give it once in the environment: DKIM_PRIVATE_KEY="$(cat dkim.pem)" npm run deploy')
  })
})

it('the key of a provider is asked for where the environment lacks it', async () => {
  vi.stubEnv('MAILCHANNELS_API_KEY', '')
  expect(await receive('MAILCHANNELS_API_KEY', async () => 'typed')).toBe('typed')
})
