import type { Client } from './client'

const UNDO = /<form method="post" action="([^"]+)"[^>]*>((?:<input[^>]*>)+)[^<]*<button class="undo">/

/** Presses the Undo of the confirmation on a page. @returns the status; 404 when the page offers none */
export async function undo(client: Client, html: string) {
  const [, action = '/no-undo', inputs = ''] = html.match(UNDO) ?? []
  const fields = [...inputs.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value])
  const response = await client.send('POST', action, new URLSearchParams(fields))
  return response.status
}
