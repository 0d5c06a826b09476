import { type APIRequestContext, expect } from '@playwright/test'

export type Mail = { id: string; to: string; subject: string; text: string; html: string; links: string[]; at: string }

/** All mail delivered so far, newest first. */
export async function mailbox(request: APIRequestContext): Promise<Mail[]> {
  const response = await request.get('/dev/mailbox.json')
  return response.json()
}

export const mailsTo = async (request: APIRequestContext, address: string) =>
  (await mailbox(request)).filter(({ to }) => to === address)

/** Waits for the `nth` mail to this address, since the Queue takes a second or two. */
export async function mailTo(request: APIRequestContext, address: string, nth = 1): Promise<Mail> {
  await expect
    .poll(async () => (await mailsTo(request, address)).length, { message: `mail ${nth} to ${address}`, timeout: 15_000 })
    .toBeGreaterThanOrEqual(nth)
  const mail = (await mailsTo(request, address)).at(-nth)
  if (!mail) throw new Error(`no mail ${nth} to ${address}`)
  return mail
}

/** The single-use link of the `nth` mail to this address. */
export async function linkTo(request: APIRequestContext, address: string, nth = 1): Promise<string> {
  const { links } = await mailTo(request, address, nth)
  const link = links.find((each) => each.includes('?token='))
  if (!link) throw new Error(`mail ${nth} to ${address} has no link`)
  return link
}
