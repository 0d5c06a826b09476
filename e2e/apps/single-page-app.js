/** A tool that is a static page: whom it signs people in by and as which client comes with the first address that it is opened at. */
const { UserManager, WebStorageStateStore } = window.oidc

const query = new URLSearchParams(location.search)
if (query.has('client_id')) sessionStorage.setItem('settings', JSON.stringify(Object.fromEntries(query)))

const manager = new UserManager({
  ...JSON.parse(sessionStorage.getItem('settings')),
  redirect_uri: `${location.origin}/callback`,
  post_logout_redirect_uri: `${location.origin}/signed-out`,
  scope: 'openid profile email groups',
  userStore: new WebStorageStateStore({ store: sessionStorage }),
  loadUserInfo: true,
  automaticSilentRenew: false,
  monitorSession: false,
})

let renewals = 0

on('sign-in', () => manager.signinRedirect())
on('sign-out', () => manager.signoutRedirect())
on('renew', async () => {
  const user = await manager.signinSilent()
  show(user, `renewed ${++renewals}`)
})

await attempt(async () => {
  if (location.pathname === '/callback') show(await manager.signinCallback(), 'signed in')
  else if (location.pathname === '/signed-out') await manager.signoutCallback().then(() => say('signed out'))
  else say('nobody')
})

function on(id, act) {
  document.getElementById(id).addEventListener('click', () => attempt(act))
}

async function attempt(act) {
  try {
    await act()
  } catch (error) {
    say(`refused: ${error.error ?? error.message}`)
  }
}

function show({ profile }, what) {
  say(`${what}: ${profile.name}, ${profile.role} of ${profile.workspace}, ${profile.groups?.join(' ')}`)
}

function say(text) {
  document.querySelector('[role=status]').textContent = text
}
