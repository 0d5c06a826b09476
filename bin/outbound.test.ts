import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/**
 * The SDK of MailChannels has a `fetch` of its own, which src/mail/mailchannels.ts keeps from following a redirect. src/oidc/bridge.ts answers by
 * `node:http`, inside the isolate.
 */
const MAY = ['src/oidc/bridge.ts', 'src/outbound/foreign.ts', 'src/outbound/post-form.ts', 'src/worker.ts']

it('no file but those of src/outbound and the SDK of a provider asks anything of another host', () => {
  const files = globSync('{src,views}/**/*.{ts,tsx}').filter((file) => !file.includes('.test.'))
  const asking = files.filter((file) =>
    /\bfetch\(|= fetch\b|from 'ofetch'|from 'node:(https?|net|tls)'/.test(readFileSync(file, 'utf8')),
  )
  expect(asking.toSorted()).toEqual(MAY)
  expect(files.filter((file) => readFileSync(file, 'utf8').includes("from 'mailchannels-sdk'"))).toEqual([
    'src/mail/mailchannels.ts',
  ])
})
