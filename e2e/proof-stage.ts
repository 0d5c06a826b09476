import { expect, invite, PASS_PHRASE, uniqueAddress } from './app.ts'
import { addMember, outdateProof, sql } from './database.ts'
import { linkTo } from './mail.ts'
import { ACME, PATHS } from './paths.ts'
import { signedIn } from './session.ts'
import { andThen, go, type Open, refusedAt, type Visit } from './stage.ts'

const UNPROVEN = 'UPDATE users SET proved_at = NULL WHERE email_key = ?'
/** Somebody whom Ada has invited, where she copies their link. */
const copying: Open = async (visit) => {
  const [email, page] = [uniqueAddress('noor'), await visit.visitor(visit.ada)]
  await invite(visit.outside, visit.ada, email)
  const [row] = await sql(visit.request, 'SELECT id FROM members WHERE email_key = ?', email)
  return go(page, ACME.copyLink(`${row?.[0]}`))
}

const copied = andThen(copying, async (page) => {
  await page.getByRole('button', { name: 'Copy link' }).click()
  await expect(page.getByLabel(/^Link for/)).toBeVisible()
})

/** An admin who signed in longer ago than a proof counts, on a page that asks for one. */
const confirming: Open = async ({ request, visitor }) => {
  const email = uniqueAddress('mara')
  await addMember(request, { tenant: 'acme', email, name: 'Mara Lund', role: 'admin' })
  const page = await visitor(await signedIn(request, email))
  await outdateProof(request, email)
  return go(page, ACME.newJoinLink)
}

/** What they typed into a form came too late. */
const confirmingForm: Open = async ({ request, visitor }) => {
  const email = uniqueAddress('mara')
  await addMember(request, { tenant: 'acme', email, name: 'Mara Lund', role: 'admin' })
  const page = await go(await visitor(await signedIn(request, email)), ACME.newJoinLink)
  await page.getByLabel('Name (optional)').fill('New starters in March')
  await outdateProof(request, email)
  await page.getByRole('button', { name: 'Create link' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirm it’s you')
  return page
}

const PROVEN_MEANWHILE = 'UPDATE sessions SET proved_at = ? WHERE user_id = (SELECT id FROM users WHERE email_key = ?)'

/** They proved themself in another tab, so that the form may have been sent from there. */
const confirmedTwice: Open = async (visit) => {
  const page = await confirmingForm(visit)
  const [row] = await sql(visit.request, "SELECT email_key FROM users WHERE name = 'Mara Lund' ORDER BY rowid DESC LIMIT 1")
  await sql(visit.request, PROVEN_MEANWHILE, `${Date.now()}`, `${row?.[0]}`)
  await page.getByLabel('Password', { exact: true }).fill(PASS_PHRASE)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Continue?')
  return page
}

const downloading: Open = async ({ request, visitor }) => {
  const email = uniqueAddress('mara')
  await addMember(request, { tenant: 'acme', email, name: 'Mara Lund', role: 'admin' })
  const page = await go(await visitor(await signedIn(request, email)), ACME.users())
  await outdateProof(request, email)
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('button', { name: 'CSV for spreadsheets' }).click()
  const file = page.waitForEvent('download')
  await page.getByLabel('Password', { exact: true }).fill(PASS_PHRASE)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await file
  return page
}

const FACTORS = `INSERT INTO credentials (id, user_id, kind, secret, name, details, created_at, changed_at)
  SELECT k.value || u.id, u.id, k.value, 'sealed', iif(k.value = 'passkey', 'Phone', NULL), '{}', 1, 1 FROM json_each(?) k, users u WHERE u.email_key = ?`

/** An admin with second factors of these kinds, who proved none in a while. */
const confirmingBy =
  (...kinds: ('passkey' | 'totp' | 'recovery')[]): Open =>
  async ({ request, visitor }) => {
    const email = uniqueAddress('mara')
    await addMember(request, { tenant: 'acme', email, name: 'Mara Lund', role: 'admin' })
    await sql(request, FACTORS, JSON.stringify(kinds), email)
    return go(await visitor(await signedIn(request, email)), ACME.newJoinLink)
  }

/** Somebody of another workspace whose account was made by a link that was handed over. */
async function addUnproven({ request }: Visit) {
  const email = uniqueAddress('noor')
  await addMember(request, { tenant: 'globex', email, name: 'Noor Haddad' })
  await sql(request, UNPROVEN, email)
  return email
}

const unproven =
  (path: string): Open =>
  async (visit) => {
    const email = await addUnproven(visit)
    return go(await visit.visitor(await signedIn(visit.request, email)), path)
  }

const takingOver: Open = async (visit) => {
  const email = await addUnproven(visit)
  await invite(visit.outside, visit.ada, email)
  return go(await visit.visitor(), await linkTo(visit.request, email))
}

/** The link that an admin copied was used by nobody before the address had an account. */
const onlyEmailed: Open = async (visit) => {
  const page = await copied(visit)
  const url = await page.getByLabel(/^Link for/).inputValue()
  await sql(
    visit.request,
    `INSERT INTO users (id, email, email_key, created_at)
     SELECT lower(hex(randomblob(8))), email, email_key, 1 FROM members WHERE status = 'pending' ORDER BY created_at DESC LIMIT 1`,
  )
  return go(await visit.visitor(), url)
}

const confirmingAddress: Open = async (visit) => {
  const email = await addUnproven(visit)
  await visit.outside.post(PATHS.forgotPassword, { form: { email } })
  return go(await visit.visitor(), await linkTo(visit.request, email))
}

export const PROVING: Record<string, Open> = {
  confirm: confirming,
  'confirm, refused': andThen(confirming, async (page) => {
    await page.getByLabel('Password', { exact: true }).fill('not my pass phrase')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await refusedAt(page, 'Password')
  }),
  'confirm, with a form': confirmingForm,
  'confirm, twice': confirmedTwice,
  'confirm, a download': downloading,
  'confirm, by a code': confirmingBy('totp', 'recovery'),
  'confirm, by a wrong code': andThen(confirmingBy('totp', 'recovery'), async (page) => {
    await page.getByLabel('Code from your authenticator app').fill('AAAA-AAAA')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await refusedAt(page, 'Code from your authenticator app')
  }),
  'confirm, by a passkey or a code': confirmingBy('passkey', 'totp', 'recovery'),
  'confirm, by a passkey alone': confirmingBy('passkey'),
  'copy link': copying,
  'copy link, shown': copied,
  'invitation, taking an account over': takingOver,
  'invitation, only by the emailed link': onlyEmailed,
  'reset password, confirming the address': confirmingAddress,
  'account, unproven': unproven(PATHS.account),
  'workspaces, unproven': unproven(PATHS.workspaces),
}
