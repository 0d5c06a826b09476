import { env } from 'cloudflare:workers'
import { type OAuthClientProvider, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js'
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { vi } from 'vitest'
import { Client } from './client'
import { formIn } from './form'

export const AGENT = 'https://agent.example/mcp'
export const PROGRAM = 'https://program.example/oauth/client.json'
const LOOPBACK = 'http://127.0.0.1:33418/callback'

/** The document of a program, and what else its host answers where it is asked. */
export function describes(document: object | Response = {}, address = PROGRAM) {
  const known = {
    client_id: address,
    client_name: 'Program',
    redirect_uris: ['http://127.0.0.1/callback'],
    token_endpoint_auth_method: 'none',
  }
  const asked: string[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    asked.push(String(input))
    return document instanceof Response ? document.clone() : Response.json({ ...known, ...document })
  })
  return asked
}

/** An agent's MCP server, which knows Latchkey by its public keys alone. */
async function agentServer(request: Request, resource: string): Promise<Response> {
  const { origin, pathname } = new URL(resource)
  const metadata = `${origin}/.well-known/oauth-protected-resource${pathname}`
  if (request.url === metadata) return Response.json({ resource, authorization_servers: [env.APP_ORIGIN] })
  if (new URL(request.url).pathname !== pathname) return new Response(null, { status: 404 })
  const caller = await callerOf(request, resource)
  if (!caller) return new Response(null, { status: 401, headers: { 'WWW-Authenticate': `Bearer resource_metadata="${metadata}"` } })
  const server = new McpServer({ name: 'agent', version: '1' })
  server.registerTool('whoami', {}, () => ({ content: [{ type: 'text', text: JSON.stringify(caller) }] }))
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
  await server.connect(transport)
  return transport.handleRequest(request)
}

async function callerOf(request: Request, audience: string): Promise<JWTPayload | undefined> {
  const token = request.headers.get('Authorization')?.replace(/^Bearer /, '')
  const keys = createLocalJWKSet(await (await new Client().get('/oauth/jwks')).json())
  const verified = await jwtVerify(token ?? '', keys, { issuer: env.APP_ORIGIN, audience, typ: 'at+jwt' }).catch(() => undefined)
  return verified?.payload
}

/** A program of somebody, which uses the SDK's client. `registered`: it is an app of its own, instead of naming itself by a document. */
export class Program implements OAuthClientProvider {
  readonly asked: string[] = []
  readonly redirectUrl = LOOPBACK
  readonly clientMetadata = { redirect_uris: [LOOPBACK], client_name: 'Program', scope: 'openid profile offline_access' }
  declare readonly clientMetadataUrl?: string
  tokenSet: OAuthTokens | undefined
  to: URL | undefined
  private verifier = ''
  private client: OAuthClientInformationMixed | undefined

  constructor(
    { address = PROGRAM, registered }: { address?: string; registered?: OAuthClientInformationMixed } = {},
    private readonly resource = AGENT,
  ) {
    if (!registered) this.clientMetadataUrl = address
    this.client = registered
  }

  clientInformation = () => this.client
  saveClientInformation = (client: OAuthClientInformationMixed) => {
    this.client = client
  }
  tokens = () => this.tokenSet
  saveTokens = (tokens: OAuthTokens) => {
    this.tokenSet = tokens
  }
  redirectToAuthorization = (url: URL) => {
    this.to = url
  }
  saveCodeVerifier = (verifier: string) => {
    this.verifier = verifier
  }
  invalidateCredentials = () => {
    this.tokenSet = undefined
  }
  codeVerifier = () => this.verifier
  state = () => 'state'

  /** Asks the agent who it is for. @throws UnauthorizedError where somebody has to sign in first, by then `to` says where */
  async whoami(): Promise<JWTPayload> {
    const client = new McpClient({ name: 'program', version: '1' })
    await client.connect(this.transport())
    const { content } = await client.callTool({ name: 'whoami' })
    return JSON.parse((content as [{ text: string }])[0].text)
  }

  /** Goes on with what a browser came back with. */
  finish = (code: string) => this.transport().finishAuth(code)

  private transport = () =>
    new StreamableHTTPClientTransport(new URL(this.resource), {
      authProvider: this,
      fetch: (url, init) => this.fetch(String(url), init),
    })

  private fetch = async (url: string, init: RequestInit = {}) => {
    this.asked.push(url)
    if (!url.startsWith(`${env.APP_ORIGIN}/`)) return agentServer(new Request(url, init), this.resource)
    const headers = { ...Object.fromEntries(new Headers(init.headers)), Origin: undefined, 'Sec-Fetch-Site': undefined }
    return new Client().send(init.method ?? 'GET', url.slice(env.APP_ORIGIN.length), init.body as BodyInit, { headers })
  }
}

/** Lets the program begin: it is sent away to have somebody sign in. @returns the path that it sends their browser to */
export async function begins(program: Program): Promise<string> {
  const refused = await program.whoami().then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(refused instanceof UnauthorizedError) || !program.to) throw refused ?? new Error('nobody was asked to sign in')
  return program.to.pathname + program.to.search
}

/** Agrees on the page that a browser was sent to. @returns what follows of it */
export async function agrees(browser: Client, path: string): Promise<Response> {
  const page = await (await browser.get(path)).text()
  const posted = await browser.post('/oauth/consent', formIn(page, '/oauth/consent'))
  const onward = posted.headers.get('Location') ?? ''
  return browser.get(onward.replace('/oauth/continue', '/oauth/authorize'))
}

export const codeIn = (answer: Response) => URL.parse(answer.headers.get('Location') ?? '')?.searchParams.get('code') ?? undefined

/** From the beginning to the end. */
export async function letsIn(browser: Client, program: Program) {
  const code = codeIn(await agrees(browser, await begins(program)))
  if (!code) throw new Error('no code came back')
  await program.finish(code)
}
