import type { Provider } from 'oidc-provider'

const MODELS = [
  'AccessToken',
  'AuthorizationCode',
  'Client',
  'ClientCredentials',
  'Grant',
  'IdToken',
  'Interaction',
  'RefreshToken',
  'ReplayDetection',
  'Session',
] as const

/** The provider tells its models apart by the names of their classes, which the Worker is bundled without. */
export function nameModels(provider: Provider) {
  for (const name of MODELS) Object.defineProperty(provider[name], 'name', { value: name })
}
