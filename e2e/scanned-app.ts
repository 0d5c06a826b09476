import type { Locator, Page } from '@playwright/test'
import scan from 'jsqr'
import { TOTP, URI } from 'otpauth'

/** An authenticator app that has scanned the QR code of this page. */
export async function scannedApp(page: Page) {
  const app = URI.parse(await textOf(page.getByRole('img', { name: 'QR code for an authenticator app' })))
  if (!(app instanceof TOTP)) throw new Error('This is no authenticator app')
  return app
}

/** What a camera reads of a QR code as it is shown. */
async function textOf(qrCode: Locator) {
  const { rgba, width, height } = await pixelsOf(qrCode)
  const found = scan(Uint8ClampedArray.from(Buffer.from(rgba, 'latin1')), width, height, { inversionAttempts: 'dontInvert' })
  if (!found) throw new Error('No camera reads this QR code')
  return found.data
}

/** Chromium reads its own picture, so that nobody else has to know PNG. They travel as text, which is quicker than numbers. */
async function pixelsOf(qrCode: Locator) {
  const picture = (await qrCode.screenshot()).toString('latin1')
  return qrCode.evaluate(async (_, png) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(png, (byte) => byte.charCodeAt(0))]))
    const { width, height } = bitmap
    const canvas = new OffscreenCanvas(width, height).getContext('2d')
    canvas?.drawImage(bitmap, 0, 0)
    const { data = [] } = canvas?.getImageData(0, 0, width, height) ?? {}
    return { rgba: Array.from(data, (value) => String.fromCharCode(value)).join(''), width, height }
  }, picture)
}
