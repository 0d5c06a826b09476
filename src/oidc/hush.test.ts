import { expect, it } from 'vitest'
import { Client } from '../../test/client'
import { listen } from '../../test/logged'

it('the provider adds no line of its own to the log when it is loaded', async () => {
  const ear = listen()
  const answer = await new Client().get('/.well-known/openid-configuration')
  const lines = ear.stop()
  expect(answer.status).toBe(200)
  expect(lines.map((line) => JSON.parse(line).action)).toEqual(['GET /.well-known/openid-configuration'])
})
