import { expect, it } from 'vitest'
import { signedIn } from '../../test/client'

async function pageWith(flash: object) {
  const ada = await signedIn('ada')
  ada.cookies.set('__Host-flash', encodeURIComponent(JSON.stringify({ path: '/w/acme/agents', notice: 'made_user', ...flash })))
  return (await ada.get('/w/acme/agents')).text()
}

it('what can be undone is named by an id', async () => {
  expect(await pageWith({ undo: 'q3-_Zz' })).toContain('action="/w/acme/access/undo/q3-_Zz"')
})

it('an undo that is no id, but a way to another form, is not offered', async () => {
  expect(await pageWith({ undo: '../../leave' })).not.toContain('class="undo"')
})
