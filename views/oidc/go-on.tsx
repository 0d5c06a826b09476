/** Between a form of ours and an app. `name`: of the app, where it goes straight on to it. */
export const GoOnPage = ({ href, name }: { href: string; name: string | undefined }) => (
  <section id="go-on" class="narrow">
    <div class="card stack">
      <h1>Continuing…</h1>
      <p>{name ? `You are going back to ${name}.` : 'You are being signed in.'}</p>
      <a class="button primary wide" href={href}>
        Continue
      </a>
    </div>
  </section>
)

/** For an app that takes its answer as a form. Without a script it goes nowhere before somebody presses the button. */
export const PostBackPage = ({ action, fields }: { action: string; fields: [string, string][] }) => (
  <section id="go-on" class="narrow">
    <div class="card stack">
      <h1>Continuing…</h1>
      <p class="with-script">You are being signed in.</p>
      <p class="without-script">Choose Continue to go back to the app.</p>
      <form method="post" action={action} data-continue="">
        {fields.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button class="button primary wide">Continue</button>
      </form>
    </div>
  </section>
)
