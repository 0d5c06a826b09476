import { expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, somebody, typed } from '../../../test/cast'
import { leaseMail, run } from '../../../test/outbox'
import { RESEND } from '../../limits'
import { changeAddress } from '../invitations/address-change'
import { resend } from '../invitations/resend'

/** Of the mail that a change has queued: whether its letter follows an earlier one to the same address. */
async function isAnew(change: { mailId: string } | { reason: string }) {
  if (!('mailId' in change)) throw new Error(change.reason)
  const mail = await leaseMail(somebody(Date.now() + 1), change.mailId)
  return mail?.letter && 'isAnew' in mail.letter ? mail.letter.isAnew : undefined
}

it('an invitation knows whether an earlier link was sent to the same address', async () => {
  const ada = await actNamed('ada')
  const nell = await invitee(ada, 'nell@acme.test')
  const later = { ...ada, now: ada.now + RESEND.cooldownMs + 1 }
  const afterThat = { ...ada, now: ada.now + 2 * RESEND.cooldownMs + 2 }

  expect(await isAnew(nell)).toBe(false)
  await run("UPDATE mails SET state = 'sent', sent_at = created_at WHERE id = ?", nell.mailId)
  expect(await isAnew(await resend(later, nell.memberId, NO_CAPS))).toBe(true)
  expect(await isAnew(await changeAddress(afterThat, nell.memberId, typed('nell.novak@acme.test'), NO_CAPS))).toBe(false)
})

it('an earlier email that never went out is none', async () => {
  const ada = await actNamed('ada')
  const { memberId } = await invitee(ada, 'nell@acme.test')
  const later = { ...ada, now: ada.now + RESEND.cooldownMs + 1 }

  expect(await isAnew(await resend(later, memberId, NO_CAPS))).toBe(false)
})
