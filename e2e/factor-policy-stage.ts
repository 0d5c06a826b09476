import { uniqueAddress } from './app.ts'
import { addMember, sql } from './database.ts'
import { pathsOf } from './paths.ts'
import { signedIn } from './session.ts'
import { andThen, go, type Open } from './stage.ts'
import { addWorkspace } from './workspace.ts'

type Paths = ReturnType<typeof pathsOf>

/** Of a workspace that asks everyone, as its admin sees it, who has none. */
const asked =
  (path: (to: Paths) => string, days: number): Open =>
  async ({ visitor, outside }) => {
    const workspace = await addWorkspace(outside, 'Northwind')
    await addMember(outside, { tenant: workspace.id, email: uniqueAddress('otto'), name: 'Otto Brandt' })
    await sql(
      outside,
      "UPDATE tenants SET factor_policy = 'everybody', factor_policy_at = ?2, factor_grace_days = ?3 WHERE id = ?1",
      workspace.id,
      `${Date.now()}`,
      `${days}`,
    )
    return go(await visitor(await signedIn(outside, workspace.admin)), path(pathsOf(workspace.id)))
  }

/** Where a workspace asks for a second factor. */
export const FACTOR_POLICIES: Record<string, Open> = {
  'second factor, asked for later': asked((to) => to.users(), 14),
  'second factor, settings': asked((to) => to.settings, 14),
  'second factor, to set up later': asked(() => '/account/second-factor', 14),
  'second factor, to set up now': asked((to) => to.agents, 0),
  'second factor, link sent': andThen(
    asked((to) => to.agents, 0),
    async (page) => page.getByRole('button', { name: 'Email me a link' }).click(),
  ),
}
