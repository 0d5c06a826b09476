import { expect, type Locator, type Page } from '@playwright/test'
import { TOTP, URI } from 'otpauth'
import { encode } from 'uqr'

/** An authenticator app that has scanned the QR code of this page, which says what the link beside it says. */
export async function scannedApp(page: Page) {
  const text = (await page.getByRole('link', { name: 'Open on this device' }).getAttribute('href')) ?? ''
  const { data, size } = encode(text, { ecc: 'L', border: 4 })
  expect(await modulesOf(page.getByRole('img', { name: 'QR code for an authenticator app' }), size)).toEqual(data)
  const app = URI.parse(text)
  if (!(app instanceof TOTP)) throw new Error('This is no authenticator app')
  return app
}

/** What a camera sees of a QR code: which of its modules are dark. Chromium reads its own picture, so that nobody else has to know PNG. */
async function modulesOf(qrCode: Locator, size: number) {
  const picture = (await qrCode.screenshot()).toString('latin1')
  return qrCode.evaluate(
    async (_, { png, size }) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(png, (byte) => byte.charCodeAt(0))]))
      const { width, height } = bitmap
      const canvas = new OffscreenCanvas(width, height).getContext('2d')
      canvas?.drawImage(bitmap, 0, 0)
      const { data = [] } = canvas?.getImageData(0, 0, width, height) ?? {}
      const middle = (nth: number, length: number) => Math.floor(((nth + 0.5) * length) / size)
      const isDark = (x: number, y: number) => (data[4 * (middle(y, height) * width + middle(x, width))] ?? 255) < 64
      return Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => isDark(x, y)))
    },
    { png: picture, size },
  )
}
