import { afterEach, expect, it, vi } from 'vitest'
import { Client } from '../../test/client'
import { FORM_BYTES } from './forms'

afterEach(() => vi.restoreAllMocks())

it('a form of thousands of fields is refused after one look at each', async () => {
  const looks = vi.spyOn(FormData.prototype, 'getAll')
  const fields = Object.fromEntries(Array.from({ length: 13_000 }, (_, i) => [i.toString(36), '']))
  expect(`${new URLSearchParams(fields)}`.length).toBeLessThan(FORM_BYTES)

  expect((await new Client().post('/login', fields)).status).toBe(400)
  expect(looks).not.toHaveBeenCalled()
})
