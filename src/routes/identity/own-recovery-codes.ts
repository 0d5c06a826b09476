import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import type { AppEnv } from '../../env'
import { showAccount } from '../../http/account-page'
import { enterAsPerson, expectOwnProof, ProofNeeded } from '../../http/door'
import { readForm } from '../../http/forms'
import { originOf } from '../../http/origin'
import { showCodes } from '../../http/own-factors'
import { post } from '../../mail/queue'
import { accountPage } from '../../models/identity/account'
import { recoveryCodeIn } from '../../models/identity/recovery-code'
import { remakeRecoveryCodes } from '../../models/identity/remake-recovery-codes'

/** A person's recovery codes. */
export const ownRecoveryCodes = new Hono<AppEnv>()

ownRecoveryCodes.post('/', async (c) => {
  const entered = await enterAsPerson(c, accountPage)
  const { made } = await readForm(c, { made: v.pipe(v.string(), v.digits(), v.transform(Number)) })
  expectOwnProof(entered.person)
  const remade = await remakeRecoveryCodes(entered.act, { madeAt: made, from: originOf(c) })
  if ('codes' in remade) {
    post(c.env, c.executionCtx, remade.mailIds)
    return showCodes(c, entered.person, remade.codes, entered.now)
  }
  if (remade.reason === 'not_proven') throw new ProofNeeded(entered.person)
  return showAccount(c, entered, { field: 'factors', problem: remade.reason })
})

/** The codes that the page shows, as a file: they come from the page, since nothing else has them. */
ownRecoveryCodes.post('/download', async (c) => {
  await enterAsPerson(c)
  const { codes } = await readForm(c, { codes: v.string() })
  const lines = codes.trim().split(/\s+/)
  if (!lines.every(recoveryCodeIn)) throw new HTTPException(400)
  c.header('Content-Disposition', 'attachment; filename="recovery-codes.txt"')
  return c.text(`Recovery codes for ${c.env.APP_ORIGIN}\r\nEach works once.\r\n\r\n${lines.join('\r\n')}\r\n`)
})
