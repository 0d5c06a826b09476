/** The same for everybody, since it knows nobody. */
export const LostSecondFactorPage = ({ product, host }: { product: string; host: string }) => (
  <section id="lost-second-factor">
    <div class="card stack">
      <h1>Lost your second factor?</h1>
      <ol class="stack">
        <li>
          <strong>Use a recovery code.</strong> You saved ten of them when you set up your second factor. Sign in with your
          password, then enter one of them in place of the code.
        </li>
        <li>
          <strong>No recovery code?</strong> Ask an admin of your workspace to reset your second factor. If that is your only
          workspace, we email you a link to set up a new one. You need your password for that.
        </li>
        <li>
          <strong>Several workspaces, or no other admin?</strong> Then only the people who run {product} at {host} can help. They
          will want to be sure that it’s you.
        </li>
      </ol>
      <p class="hint">Resetting your password does not help: the second factor is still asked for.</p>
    </div>
    <p class="after">
      <a href="/login">Back to sign in</a>
    </p>
  </section>
)
