import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, rmSync } from 'node:fs'
import { type Browser, expect, test } from '@playwright/test'
import { deploy } from '../bin/deploy.ts'
import { newAccount, standIn, standInApi } from '../bin/testing/stand-in.ts'
import { type Wrangler, wrangler } from '../bin/wrangler.ts'
import { expectAccessible } from './accessible.ts'
import { fillInvitation, fillSignIn, NEW_PASSWORD, setPassword } from './app.ts'
import { faultsOf } from './faults.ts'
import { linkTo, mailTo } from './mail.ts'
import { PATHS, pathsOf } from './paths.ts'
import { MIGRATED, serverOf } from './servers.ts'

const INITECH = pathsOf('initech')
const [FAY, SAM] = ['fay@initech.test', 'sam@initech.test']
const SETTINGS = { APP_ORIGIN: 'https://access.initech.test', MAIL_PROVIDER: 'mailchannels', MAIL_FROM: 'hello@initech.test' }
const LATCHKEY_STATE = '.wrangler/first-ten-minutes'
const SETUP = /(https?:\/\/[^/\s]+)(\/setup\?token=[\w-]{43})/

/** A new company's first ten minutes: from the command that deploys to a colleague at work. */
test('a deployed and empty Latchkey becomes a workspace with two people in it', async ({ browser }, { parallelIndex }) => {
  test.setTimeout(120_000)
  const deployment = await emptyLatchkey(serverOf(parallelIndex).port + 100)
  try {
    const [, origin = '', voided = ''] = deployment.greeting.match(SETUP) ?? []
    const [, address, path = ''] = (await deployed()).match(SETUP) ?? []
    expect(address).toBe(SETTINGS.APP_ORIGIN)
    expect(path).not.toBe(voided)
    const fay = await visitor(browser, origin)
    await fay.page.goto('/')
    await expect(fay.page.getByRole('main')).toContainText('No one can sign in yet: there is no workspace.')
    await expectAccessible(fay.page)
    await setUp(fay.page, path)
    await expect(fay.page.getByRole('heading', { name: 'Get started' })).toBeVisible()
    await fay.page.getByRole('link', { name: 'Set section defaults' }).click()
    await fay.page.getByRole('button', { name: 'Keep these defaults' }).click()
    await expect(fay.page.getByRole('status')).toContainText('Section defaults kept.')
    await expect(fay.page.getByRole('button', { name: 'Keep these defaults' })).toHaveCount(0)
    await fay.page.getByRole('navigation').getByRole('link', { name: 'Agents' }).click()
    await expect(fay.page.getByRole('listitem').filter({ hasText: 'Set section defaults' })).toContainText('(done)')
    await expect(fay.page.getByRole('navigation').getByText('Initech', { exact: true })).toBeVisible()
    await fay.page.goto(INITECH.checks)
    await expect(fay.page.getByRole('heading', { name: 'Checks' })).toBeVisible()
    await fillInvitation(fay.page, SAM, 'initech')

    const sam = await visitor(browser, origin)
    await acceptInvitation(sam.page)
    await fillSignIn(sam.page, SAM, NEW_PASSWORD)
    await expect(sam.page).toHaveURL(INITECH.agents)
    await expect(sam.page.getByRole('link', { name: 'Access Management' })).toHaveCount(0)

    await fay.page.goto(INITECH.users())
    await expect(fay.page.getByRole('row').filter({ hasText: SAM })).toContainText('Active')
    const late = await visitor(browser, origin)
    await late.page.goto(path)
    await expect(late.page.getByRole('heading', { level: 1 })).toHaveText('Nothing to set up here')
    expect([...fay.faults, ...sam.faults, ...late.faults]).toEqual([])
  } finally {
    await deployment.stop()
  }
})

type Page = Awaited<ReturnType<typeof visitor>>['page']

async function setUp(page: Page, path: string) {
  await page.goto(path)
  await expect(page).toHaveURL(PATHS.setup)
  await expectAccessible(page)
  await page.getByLabel('Workspace name').fill('Initech')
  await page.getByLabel('Your name').fill('Fay Founder')
  await page.getByLabel('Email address').fill(FAY)
  await page.getByLabel('Password', { exact: true }).fill('initech initech')
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByLabel('Workspace name')).toHaveValue('Initech')
  await expectAccessible(page)

  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await expect(page).toHaveURL(INITECH.agents)
  await expect(page.getByRole('status')).toContainText('Your workspace is ready.')
  await expectAccessible(page)
}

async function acceptInvitation(page: Page) {
  const { subject } = await mailTo(page.request, SAM)
  expect(subject).toBe('Fay Founder invited you to Initech')
  await page.goto(PATHS.mailbox)
  await expect(page.getByRole('heading', { level: 2, name: subject })).toBeVisible()
  await page.getByRole('link', { name: await linkTo(page.request, SAM) }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Join Initech')
  await setPassword(page)
  await expect(page).toHaveURL(PATHS.loginFrom)
}

async function visitor(browser: Browser, baseURL: string) {
  const context = await browser.newContext({ baseURL })
  return { page: await context.newPage(), faults: faultsOf(context, baseURL) }
}

const NOTHING_TO_CHECK = { name: 'latchkey', d1_databases: [], kv_namespaces: [], queues: { consumers: [] } }

/** `npm run deploy` on an account in memory, but for its database: that is the one behind the pages. @returns what it said */
async function deployed() {
  const said: string[] = []
  const cloudflare = newAccount()
  const account = standIn(cloudflare, () => NOTHING_TO_CHECK)
  const onDatabase = ['d1', 'execute', 'DB', '--local', '--persist-to', LATCHKEY_STATE, '--json', '--command']
  const here: Wrangler = (args, input) =>
    args[1] === 'execute' ? wrangler([...onDatabase, args.at(-1) ?? '']) : account(args, input)
  await deploy(SETTINGS, {
    wrangler: here,
    api: standInApi(cloudflare),
    locate: async () => 'weur',
    receive: async () => 'the-key-of-the-provider',
    write: () => {},
    say: (line) => said.push(line),
    onTerminal: true,
  })
  return said.join('\n')
}

/** A Latchkey of its own beside that of the other journeys: migrated, nobody in it. */
async function emptyLatchkey(port: number) {
  rmSync(LATCHKEY_STATE, { recursive: true, force: true })
  cpSync(MIGRATED, LATCHKEY_STATE, { recursive: true })
  const env = { ...process.env, PORT: `${port}`, LATCHKEY_STATE, LATCHKEY_EMPTY: '1' }
  const server = spawn(process.execPath, ['bin/dev.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  return { greeting: await greetingOf(server), stop: () => stop(server) }
}

/** Everything up to its last line; what it prints later is of no interest, but has to go somewhere. */
const greetingOf = (server: ChildProcess) =>
  new Promise<string>((resolve, reject) => {
    let printed = ''
    server.once('exit', () => reject(new Error(printed)))
    const read = (chunk: Buffer) => {
      printed += chunk
      if (printed.includes('/dev/mailbox')) resolve(printed)
    }
    for (const output of [server.stdout, server.stderr]) output?.on('data', read)
  })

async function stop(server: ChildProcess) {
  if (server.exitCode !== null) return
  server.kill('SIGTERM')
  await once(server, 'exit')
}
