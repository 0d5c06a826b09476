import { BOTH, expect, fillSignIn, PASS_PHRASE, test } from './app.ts'
import { PATHS } from './paths.ts'
import { APP, typeCode, withFactors } from './second-step-stage.ts'

const CODE = 'AAAA-BBBB-CCCC-DDDD-EEEE-FFFF'
/** Its SHA-256, without separators. */
const CODE_HASH = 'dd57029701b00c4fd4110b914feb421d923518bd1fe99f6c500a7e9a5cebfc39'

const RECOVERY = `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at)
  SELECT 'code' || id, id, 'recovery', '${CODE_HASH}', created_at, created_at FROM users WHERE email_key = ?`

test(
  'somebody who lost their phone signs in with a recovery code, after a wrong one, and is told that it was the last',
  BOTH,
  async ({ visitor, request }) => {
    const email = await withFactors(request, APP, RECOVERY)
    const page = await visitor()
    await page.goto(PATHS.login)
    await fillSignIn(page, email, PASS_PHRASE)

    await expect(page.getByText(`You are signing in as ${email}`)).toBeVisible()
    await typeCode(page, 'ZZZZ-BBBB-CCCC-DDDD-EEEE-FFFF')
    await expect(page.getByText('Incorrect code.')).toBeVisible()
    await typeCode(page, CODE.toLowerCase().replaceAll('-', ' '))

    await page.waitForURL(PATHS.account)
    await expect(page.getByText('You used a recovery code. It was the last one: make new ones now.')).toBeVisible()
  },
)

test('somebody who chose the wrong account starts again, on the way to the same page', BOTH, async ({ visitor, request }) => {
  const [one, other] = [await withFactors(request, APP), await withFactors(request)]
  const page = await visitor()
  await page.goto(PATHS.loginBefore(PATHS.account))
  await fillSignIn(page, one, PASS_PHRASE)
  await page.getByRole('button', { name: 'Start again' }).click()
  await fillSignIn(page, other, PASS_PHRASE)

  await page.waitForURL(PATHS.account)
})
