import { expect } from './app.ts'
import { addMember, sql } from './database.ts'
import { pathsOf } from './paths.ts'
import { signedIn } from './session.ts'
import { andThen, go, type Open } from './stage.ts'
import { addAgents, addWorkspace } from './workspace.ts'

type Paths = ReturnType<typeof pathsOf>

/** A workspace with nothing in it but the admin who looks at it. */
const empty =
  (path: (to: Paths) => string): Open =>
  async ({ visitor, request }) => {
    const workspace = await addWorkspace(request, 'Cyberdyne')
    return go(await visitor(await signedIn(request, workspace.admin)), path(pathsOf(workspace.id)))
  }

/** As many letters as a name may have, words that nothing breaks, and scripts that run and wrap in other ways. */
const NAMES = [
  'Everything that fits into a name of a person who has many of them, and one more',
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
  'اسم طويل من اليمين إلى اليسار',
  'שם שנכתב מימין לשמאל',
  '名前のとても長い人',
  'ชื่อที่ยาวมาก',
]
const LONG_DOMAIN = 'a-long-name-of-a-subdomain.and-of-a-company.example.test'

const long =
  (path: (to: Paths) => string): Open =>
  async ({ visitor, request }) => {
    const workspace = await addWorkspace(request, 'Incorporated Association of Very Long Names and Addresses')
    await addAgents(request, workspace, 20)
    await sql(
      request,
      "UPDATE agents SET name = name || ', which compares contracts with their templates' WHERE tenant_id = ?",
      workspace.id,
    )
    for (const name of NAMES) {
      const email = `somebody-with-a-long-address-${crypto.randomUUID()}@${LONG_DOMAIN}`
      await addMember(request, { tenant: workspace.id, email, name })
    }
    return go(await visitor(await signedIn(request, workspace.admin)), path(pathsOf(workspace.id)))
  }

/** What pages look like with as little or as much in them as there can be. */
export const EXTREMES: Record<string, Open> = {
  'users, only oneself': empty((to) => to.users()),
  'agents, first steps': empty((to) => to.agents),
  'permission matrix, only oneself': empty((to) => to.permissions()),
  'agent access, no agents': empty((to) => to.agentAccess()),
  'activity, nothing': empty((to) => to.activity),
  'users, long names': long((to) => to.users()),
  'permission matrix, long names': long((to) => to.permissions()),
  'agent access, long names': long((to) => to.agentAccess()),
  'agents, long names': long((to) => to.agents),
  'invite, long names': andThen(
    long((to) => to.invite()),
    async (page) => {
      await page.getByRole('radio', { name: 'Selected agents' }).check()
      await expect(page.getByRole('checkbox', { name: 'Agent 20' })).toBeVisible()
    },
  ),
}
