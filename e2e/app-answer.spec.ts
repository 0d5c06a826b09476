import type { APIRequestContext, BrowserContext } from '@playwright/test'
import { test as base, expect, fillSignIn, PASS_PHRASE, uniqueAddress } from './app.ts'
import { serveListeningTool } from './apps/listening-tool.ts'
import { addMember, sql } from './database.ts'
import { faultsOf } from './faults.ts'
import { PATHS } from './paths.ts'

type Tool = Awaited<ReturnType<typeof serveListeningTool>>

/** A tool of its own, and somebody who may see what it is for. */
const test = base.extend<{ tool: Tool; clientId: string; address: string }>({
  tool: async ({ browserName: _ }, use) => {
    const tool = await serveListeningTool()
    await use(tool)
    await tool.close()
  },
  /** The tool's own origin is asked as well as ours. */
  context: async ({ browser, baseURL, tool }, use) => {
    const context = await browser.newContext()
    const faults = faultsOf(context, baseURL ?? '', tool.origin)
    await use(context)
    expect(faults).toEqual([])
    await context.close()
  },
  clientId: async ({ request, tool }, use) => use(await connected(request, tool)),
  address: async ({ request }, use) => {
    const address = uniqueAddress('olin')
    await addMember(request, { tenant: 'acme', email: address, name: 'Olin Vik' })
    await use(address)
  },
})

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    for (const mode of ['query', 'form_post'])
      test(`somebody signs in, agrees and is back at a tool that asks for its answer by ${mode}`, async ({
        page,
        tool,
        clientId,
        address,
      }) => {
        await page.goto(asking(clientId, tool, mode))
        await fillSignIn(page, address, PASS_PHRASE)
        await page.getByRole('button', { name: 'Allow' }).click()
        if (mode === 'form_post' && !javaScriptEnabled) await page.getByRole('button', { name: 'Continue' }).click()
        await expect(page.getByRole('heading', { name: 'The tool' })).toBeVisible()

        const [answer] = tool.heard.filter(({ path }) => path === '/callback')
        expect(answer?.method).toBe(mode === 'form_post' ? 'POST' : 'GET')
        expect([answer?.said.get('state'), answer?.said.get('code')]).toEqual(['state', expect.stringMatching(/^[\w-]{43}$/)])
      })

    test('somebody who goes back is at the tool again, and whoever signs out of it and here as well', async ({
      page,
      context,
      tool,
      clientId,
      address,
    }) => {
      await page.goto(asking(clientId, tool))
      await fillSignIn(page, address, PASS_PHRASE)
      await page.getByRole('link', { name: 'Cancel' }).click()
      await expect(page.getByRole('heading', { name: 'The tool' })).toBeVisible()
      expect(tool.heard.at(-1)?.said.get('error')).toBe('access_denied')

      await page.goto(
        `${PATHS.appLogout}?${new URLSearchParams({ client_id: clientId, post_logout_redirect_uri: `${tool.origin}/bye`, state: 'bye' })}`,
      )
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await expect(page.getByRole('heading', { name: 'The tool' })).toBeVisible()
      expect([tool.heard.at(-1)?.path, tool.heard.at(-1)?.said.get('state'), await sessions(context)]).toEqual(['/bye', 'bye', []])
    })
  })

const asking = (client_id: string, { origin }: Tool, response_mode = 'query') =>
  `${PATHS.authorize}?${new URLSearchParams({
    client_id,
    response_mode,
    redirect_uri: `${origin}/callback`,
    response_type: 'code',
    scope: 'openid email',
    state: 'state',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
  })}`

const sessions = async (context: BrowserContext) => (await context.cookies()).filter(({ name }) => name.endsWith('session'))

async function connected(request: APIRequestContext, { origin }: Tool) {
  const id = crypto.randomUUID()
  await sql(
    request,
    `INSERT INTO apps (id, tenant_id, name, section, auth, redirect_uris, after_logout_uris, created_at)
     VALUES (?1, 'acme', 'Traces', 'traces', 'none', json_array(?2 || '/callback'), json_array(?2 || '/bye'), 1)`,
    id,
    origin,
  )
  return id
}
