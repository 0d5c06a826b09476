import type { OwnCredential } from '../../src/models/identity/own-credentials'

export const RecoveryPanel = ({ codes }: { codes: OwnCredential[]; now: number }) => (
  <div class="panel" id="recovery-codes">
    <header>
      <h3>Recovery codes</h3>
      <p>For when you lose your phone or passkey. {codes.length === 1 ? '1 code is left.' : `${codes.length} codes are left.`}</p>
    </header>
  </div>
)
