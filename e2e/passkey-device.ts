import type { CDPSession, Page } from '@playwright/test'

/** A device that signs at once, as Chromium makes one up for this page. */
export async function deviceOf(page: Page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  return { cdp, id: await addDevice(cdp) }
}

/** Another one, with what was made on a device before. */
export async function addDevice(cdp: CDPSession, credentials: Awaited<ReturnType<typeof takeDevice>> = []) {
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
  for (const credential of credentials) await cdp.send('WebAuthn.addCredential', { authenticatorId, credential })
  return authenticatorId
}

/** Takes a device away. @returns what was made on it */
export async function takeDevice(cdp: CDPSession, authenticatorId: string) {
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId })
  await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
  return credentials
}
