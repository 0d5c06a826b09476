import type { BrowserContext, ConsoleMessage, Request, Response } from '@playwright/test'

/** Chromium logs every refused page as an error, which many journeys are about, and that the frame of an email runs nothing, not even axe. */
const EXPECTED =
  /^Failed to load resource: the server responded with a status of 4\d\d|^Blocked script execution in '\S+\/dev\/mailbox\//
const PAGES = new Set(['document', 'fetch', 'xhr'])

/** What no page may do, collected while somebody uses this context: errors in the console, a broken content policy, other origins. */
export function faultsOf(context: BrowserContext, ...origins: string[]): string[] {
  const faults: string[] = []
  const note = (fault: string | false) => fault && faults.push(fault)
  context.on('console', (message) => note(loggedBy(message)))
  context.on('weberror', (error) => note(String(error.error())))
  context.on('request', (request) => note(leaves(request, origins)))
  context.on('response', (response) => note(failed(response)))
  return faults
}

const loggedBy = (message: ConsoleMessage) =>
  ['error', 'warning'].includes(message.type()) && !EXPECTED.test(message.text()) && message.text()

const leaves = (request: Request, origins: string[]) => !origins.includes(new URL(request.url()).origin) && `asks ${request.url()}`

const failed = (response: Response) =>
  response.status() >= (PAGES.has(response.request().resourceType()) ? 500 : 400) && `${response.status()} ${response.url()}`
