import { ACCOUNTS } from './account-stage.ts'
import { expect, fillSignIn, setPassword, uniqueAddress } from './app.ts'
import { APP_SIGN_INS } from './app-sign-in-stage.ts'
import { APP_PAGES } from './app-stage.ts'
import { ASKING } from './asking-stage.ts'
import { AUTHENTICATOR_APPS } from './authenticator-app-stage.ts'
import { sql } from './database.ts'
import { EXTREMES } from './extremes.ts'
import { FACTOR_LINKS } from './factor-link-stage.ts'
import { FACTOR_POLICIES } from './factor-policy-stage.ts'
import { JOINING } from './join-stage.ts'
import { MEANWHILE } from './meanwhile.ts'
import { ACME, PATHS } from './paths.ts'
import { PROGRAM_PAGES } from './program-stage.ts'
import { PROVING } from './proof-stage.ts'
import { SECOND_STEPS } from './second-step-stage.ts'
import {
  admin,
  andThen,
  anybody,
  bounced,
  changed,
  ended,
  go,
  invitation,
  lost,
  NO_AGENTS,
  NO_SECTIONS,
  type Open,
  openMenu,
  refusedAt,
  reset,
  restricted,
  supportTeam,
} from './stage.ts'

/** Every page there is, in every state that looks different, and how somebody gets there. */
export const PAGES: Record<string, Open> = {
  'sign in': anybody(PATHS.login),
  'sign in, refused': andThen(anybody(PATHS.login), async (page) => {
    await fillSignIn(page, uniqueAddress('eve'), 'not my pass phrase')
    await expect(page.getByRole('alert')).toContainText('Incorrect email or password')
  }),
  'sign in, too many tries': async ({ visitor, request }) => {
    const email = uniqueAddress('eve')
    const blocked = `INSERT INTO throttles (key, hits, blocked_until, resets_at) VALUES ('sign-in:account:' || ?1, 12, ?2, ?2)`
    await sql(request, blocked, email, String(Date.now() + 120_000))
    const page = await go(await visitor(), PATHS.login)
    await fillSignIn(page, email, 'not my pass phrase')
    await expect(page.getByRole('alert')).toContainText('Too many attempts')
    return page
  },
  'sign in, no cookies': andThen(anybody(PATHS.login), async (page) => {
    // The browser asks for passkeys by itself, and then has a cookie again.
    await page.waitForLoadState('networkidle')
    await page.context().clearCookies()
    await fillSignIn(page, uniqueAddress('eve'), 'not my pass phrase')
    await expect(page.getByRole('alert')).toContainText('Your browser blocks cookies')
  }),
  'sign in, session over': anybody(PATHS.loginOver(ACME.users())),
  'sign in, wanted again': anybody(PATHS.loginAgain(ACME.agents)),
  'forgot password': anybody(PATHS.forgotPassword),
  'forgot password, refused': andThen(anybody(PATHS.forgotPassword), async (page) => {
    await page.getByLabel('Email address').fill('eve@localhost')
    await page.getByRole('button', { name: 'Email me a link' }).click()
    await refusedAt(page, 'Email address')
  }),
  'forgot password, sent': anybody(PATHS.forgotPasswordSent),
  'reset password': reset('open'),
  'reset password, refused': andThen(reset('open'), async (page) => {
    await setPassword(page, 'password password')
    await refusedAt(page, 'New password')
  }),
  'reset password, used': reset('used'),
  'reset password, expired': reset('expired'),
  'reset password, superseded': reset('superseded'),
  'reset password, its page forgotten': lost(reset('open')),
  invitation: invitation('open'),
  'invitation, refused': andThen(invitation('open'), async (page) => {
    await setPassword(page, 'password password')
    await refusedAt(page, 'Password')
  }),
  'invitation, asked to decline': andThen(invitation('open'), async (page) => {
    await page.getByRole('button', { name: 'Decline the invitation' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
  }),
  'invitation, signed in as somebody else': invitation('open', 'ada'),
  'invitation, accepted': invitation('accepted'),
  'invitation, expired': invitation('expired'),
  'invitation, superseded': invitation('superseded'),
  'invitation, cancelled': invitation('cancelled'),
  'invitation, declined': invitation('declined'),
  'invitation, declined for good': andThen(invitation('open'), async (page) => {
    await page.getByRole('button', { name: 'Decline the invitation' }).click()
    await page.getByRole('dialog').getByRole('checkbox').check()
    await page.getByRole('dialog').getByRole('button', { name: 'Decline' }).click()
    await expect(page.getByRole('button', { name: 'Allow invitations again' })).toBeVisible()
  }),
  'invitation, its page forgotten': lost(invitation('open')),
  'no link': anybody(`${PATHS.invitation}?token=none`),
  'nothing to set up': anybody(PATHS.setup),

  agents: admin(ACME.agents),
  'agents, nothing found': admin(`${ACME.agents}?q=nothing-at-all`),
  'agents, none': restricted(ACME.agents, NO_AGENTS),
  'agent, new': admin(ACME.newAgent),
  agent: admin(ACME.agent('agent-support-triage')),
  'agent, edit': admin(ACME.editAgent('agent-support-triage')),
  'section, not connected': admin(ACME.section('traces')),
  'nothing to see yet': restricted(PATHS.home, NO_SECTIONS),
  users: admin(ACME.users()),
  'users, needing attention': bounced(() => ACME.users({ status: 'attention' })),
  'member, bounced': bounced(ACME.member),
  'users, filtered': admin(ACME.users({ status: 'disabled', role: 'user' })),
  'users, newest first': admin(ACME.users({ order: 'invited', dir: 'desc' })),
  'users, nobody found': admin(ACME.users({ q: 'nobody-at-all' })),
  'users, menu open': andThen(admin(ACME.users({ q: 'pia@' })), openMenu),
  'users, asked to cancel': andThen(admin(ACME.users({ q: 'pia@' })), async (page) => {
    await openMenu(page)
    await page.getByRole('button', { name: 'Cancel invitation' }).first().click()
    await expect(page.getByRole('dialog')).toBeVisible()
  }),
  'users, selected': andThen(admin(ACME.users()), async (page) => {
    await page.getByRole('checkbox', { name: 'Select Bob Okafor' }).check()
    await expect(page.getByRole('form', { name: 'Selected people' })).toContainText('1 selected')
  }),
  'change, asked': admin(`${ACME.change('disable')}?member=ada&member=bob&member=dov`),
  'change, an end date': admin(`${ACME.change('end_date')}?member=bob&member=pia`),
  'change, a preset': admin(`${ACME.change('preset')}?member=bob`),
  'change, asked strictly': admin(`${ACME.change('delete')}?member=bob&member=dov`),
  'change, of no one': admin(`${ACME.change('enable')}?member=bob`),
  'change, refused': andThen(admin(`${ACME.change('delete')}?member=bob`), async (page) => {
    await page.getByRole('button', { name: 'Delete Bob Okafor' }).click()
    await refusedAt(page, 'Type 1 to delete 1 person')
  }),
  'change, its report': changed('done'),
  'change, going on': changed('queued'),
  'change, stopped': changed('stopped'),
  'change, of another number': changed('outdated'),
  member: admin(ACME.member('bob')),
  'member, disabled': admin(ACME.member('dov')),
  'member, asked to delete': andThen(admin(ACME.member('dov')), async (page) => {
    await page.getByRole('button', { name: 'More for Dov Stern' }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
  }),
  'member, ended': ended(ACME.member),
  'users, ended': ended(() => ACME.users({ status: 'ended' })),
  'member, invited': admin(ACME.member('pia')),
  invite: admin(ACME.invite()),
  'invite, refused': andThen(admin(ACME.invite()), async (page) => {
    await page.getByLabel('Email address').fill('bob@acme.test')
    await page.getByRole('button', { name: 'Send Invite' }).click()
    await refusedAt(page, 'Email address')
  }),
  'invite, nothing chosen': andThen(admin(ACME.invite()), async (page) => {
    for (const box of await page.getByRole('group', { name: 'Sections' }).getByRole('checkbox').all()) await box.uncheck()
    await expect(page.getByText('This person will see nothing after signing in.')).toBeVisible()
  }),
  'invite many': admin(ACME.inviteMany),
  'invite many, refused': andThen(admin(ACME.inviteMany), async (page) => {
    await page.getByRole('button', { name: 'Review list' }).click()
    await refusedAt(page, 'Email addresses')
  }),
  'invite many, reviewed': andThen(admin(ACME.inviteMany), async (page) => {
    await page
      .getByLabel('Email addresses')
      .fill(
        'email,role,sections\nzoe@example.test,admin,\nann@gmial.com,,\nbob@acme.test,,\nsam@example.test,owner,\npia@acme.test,,logs',
      )
    await page.getByRole('button', { name: 'Review list' }).click()
    await expect(page.getByText('Likely typo')).toBeVisible()
  }),
  'permission matrix': admin(ACME.permissions()),
  'permission matrix, a column': andThen(admin(ACME.permissions()), async (page) => {
    await page.getByRole('button', { name: 'Traces', exact: true }).click()
    await expect(page.getByRole('button', { name: /^Turn off for/ })).toBeVisible()
  }),
  'agent access': admin(ACME.agentAccess()),
  'agents of a person': admin(ACME.editAgentAccess('pia')),
  presets: supportTeam(ACME.presets),
  'preset, new': admin(ACME.newPreset),
  'preset, refused': andThen(supportTeam(ACME.newPreset), async (page) => {
    await page.getByLabel('Name').fill('support TEAM')
    await page.getByRole('button', { name: 'Create preset' }).click()
    await refusedAt(page, 'Name')
  }),
  preset: supportTeam(ACME.preset('support')),
  'preset, who differs': supportTeam(`${ACME.preset('support')}?differ=on`),
  'preset, edit': supportTeam(ACME.editPreset('support')),
  'preset, asked to delete': andThen(supportTeam(ACME.preset('support')), async (page) => {
    await page.getByRole('button', { name: 'Delete' }).first().click()
    await expect(page.getByRole('dialog')).toBeVisible()
  }),
  ...APP_PAGES,
  ...APP_SIGN_INS,
  ...PROGRAM_PAGES,
  'member, differing from a preset': supportTeam(ACME.member('dov')),
  activity: admin(ACME.activity),
  'activity, several people meant': admin(ACME.activityOf('acme')),
  'activity, export': andThen(admin(ACME.activity), async (page) => {
    await page.getByRole('button', { name: 'Export' }).click()
    await expect(page.getByRole('button', { name: 'JSON Lines' })).toBeVisible()
  }),
  'access reviews': admin(ACME.reviews),
  'access review': review(),
  'access review, finish': andThen(review(), async (page) => {
    await page.getByRole('link', { name: 'Finish review' }).click()
    await expect(page.getByRole('heading', { name: /^Finish the review and remove/ })).toBeVisible()
  }),
  settings: admin(ACME.settings),
  checks: admin(ACME.checks),
  account: admin(PATHS.account),
  workspaces: admin(PATHS.workspaces),
  forbidden: restricted(ACME.users()),
  'not found': anybody('/nowhere'),
  mailbox: anybody(PATHS.mailbox),
  ...SECOND_STEPS,
  ...FACTOR_LINKS,
  ...FACTOR_POLICIES,
  ...ACCOUNTS,
  ...ASKING,
  ...AUTHENTICATOR_APPS,
  ...PROVING,
  ...JOINING,
  ...MEANWHILE,
  ...EXTREMES,
}

/** One that has just been started, with somebody to remove. */
function review() {
  return andThen(admin(ACME.reviews), async (page) => {
    await page.getByRole('button', { name: 'Start a review' }).click()
    await page.getByRole('button', { name: /^Remove dov/i }).click()
    await expect(page.getByText('1 person marked to remove.')).toBeVisible()
  })
}
