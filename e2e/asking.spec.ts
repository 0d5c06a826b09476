import { BOTH, expect, test, uniqueAddress } from './app.ts'
import { LANGFUSE, NO_EVAL, sentBy } from './asking-stage.ts'
import { addMember, sql } from './database.ts'
import { mailTo } from './mail.ts'
import { ACME, PATHS } from './paths.ts'
import { signedIn } from './session.ts'

test(
  'somebody whom an app refuses asks for access, is given it, and takes their consent back later',
  BOTH,
  async ({ admin, visitor, request }) => {
    const email = uniqueAddress('ilse')
    await addMember(request, { tenant: 'acme', email, name: 'Ilse Brandt' })
    for (const statement of [LANGFUSE, NO_EVAL]) await sql(request, statement, email)
    const ilse = await visitor(await signedIn(request, email))
    await ilse.goto(sentBy('langfuse'))
    await expect(ilse.getByRole('heading', { level: 1 })).toHaveText('You do not have access to Langfuse')
    await ilse.getByRole('button', { name: 'Ask for access' }).click()
    await expect(ilse.getByText('You will get an email when an admin answers.')).toBeVisible()

    await admin.goto(ACME.users())
    await admin.getByRole('link', { name: /requests? for access to/ }).click()
    await admin.getByRole('button', { name: 'Approve Langfuse for Ilse Brandt' }).click()
    await expect(admin.getByRole('status')).toContainText('Ilse Brandt now has access to Langfuse. We emailed them.')
    await expect(admin.getByRole('row', { name: /Ilse Brandt/ })).toHaveCount(0)
    expect((await mailTo(request, email)).subject).toBe('You now have access to Langfuse')

    await ilse.goto(sentBy('langfuse'))
    await expect(ilse.getByRole('heading', { level: 1 })).toContainText('Langfuse')
    await sql(
      request,
      "INSERT INTO app_consents (member_id, app_id, scope, at) SELECT id, 'langfuse', 'openid', unixepoch() * 1000 FROM members WHERE email_key = ?1",
      email,
    )
    await ilse.goto(PATHS.account)
    await ilse.getByRole('button', { name: 'Withdraw consent for Langfuse' }).click()
    await expect(ilse.getByRole('status')).toContainText(
      'You are signed out of Langfuse. It will ask for your consent again next time.',
    )
    await expect(ilse.getByText('None yet. Tools that you sign in to with this account appear here.')).toBeVisible()
  },
)
