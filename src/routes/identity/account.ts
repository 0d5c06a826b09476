import { Hono } from 'hono'
import * as v from 'valibot'
import type { AppEnv } from '../../env'
import { showAccount } from '../../http/account-page'
import { enterAsPerson } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { backTo } from '../../http/page-before'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { nameOf } from '../../models/core/name'
import { accountPage, rename } from '../../models/identity/account'
import { addressConfirmation, confirmAddress } from '../../models/identity/confirm-address'

export const account = new Hono<AppEnv>()

account.get('/', async (c) => {
  return showAccount(c, await enterAsPerson(c, accountPage))
})

account.post('/name', async (c) => {
  const { act } = await enterAsPerson(c)
  const { name } = await readForm(c, { name: v.string() })
  await rename(act, nameOf(name) ?? null)
  return redirectWith(c, '/account', { notice: 'name_saved' })
})

account.post('/confirm', async (c) => {
  const entered = await enterAsPerson(c, addressConfirmation)
  const { act, allowed, blocked, person, now } = entered
  await readForm(c, {})
  if (person.provedAt) return redirectWith(c, '/account', { notice: 'address_is_proved' })
  const retryAt = blocked[0]?.until ?? now
  if (allowed.length === 0) {
    tooMany(c, retryAt, now)
    return showAccount(c, entered, { field: 'address', problem: 'too_many_tries', retryAt })
  }
  const mailId = await confirmAddress(act)
  if (mailId) post(c.env, c.executionCtx, [mailId])
  return redirectWith(c, backTo(c, '/account', '/workspaces'), { notice: 'confirmation_sent', who: person.email })
})
