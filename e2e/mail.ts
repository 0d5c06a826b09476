import { type APIRequestContext, expect } from '@playwright/test'
import { PATHS } from './paths.ts'

export type Mail = { id: string; to: string; subject: string; text: string; html: string; links: string[]; at: string }

/** Everything that was mailed to this address, newest first. */
export async function mailsTo(request: APIRequestContext, address: string): Promise<Mail[]> {
  const response = await request.get(PATHS.mailboxOf(address))
  return response.json()
}

/** Waits for the `nth` mail to this address, since the Queue takes a moment. */
export async function mailTo(request: APIRequestContext, address: string, nth = 1): Promise<Mail> {
  let mails: Mail[] = []
  const arrived = async () => {
    mails = await mailsTo(request, address)
    return mails.length
  }
  await expect.poll(arrived, { message: `mail ${nth} to ${address}`, intervals: [20, 50, 100] }).toBeGreaterThanOrEqual(nth)
  const mail = mails.at(-nth)
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
