import type { CDPSession, Page } from '@playwright/test'

/** A device that signs at once, as Chromium makes one up for this page. */
export async function deviceOf(page: Page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  return { cdp, id: await addDevice(cdp) }
}

async function addDevice(cdp: CDPSession) {
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
  } as const
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...options, automaticPresenceSimulation: true },
  })
  return authenticatorId
}
