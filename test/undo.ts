import type { Client } from './client'
import { formIn } from './form'

const UNDO = /<form method="post" action="([^"]+)"[^>]*>(?:<input[^>]*>)*[^<]*<button class="undo">/

/** Presses the Undo of the confirmation on a page. @returns the status; 404 when the page offers none */
export async function undo(client: Client, html: string) {
  const action = html.match(UNDO)?.[1]
  if (!action) return 404
  const response = await client.post(action, formIn(html, action))
  return response.status
}
