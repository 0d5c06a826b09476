/** The one neutral page for everything that is not a link of ours, or no longer open in this browser. */
export const NoLinkPage = () => (
  <section id="no-link">
    <div class="card stack">
      <h1>This link cannot be used</h1>
      <p>It is incomplete, or this browser no longer has it open. Open the link in your mail again, all of it.</p>
      <p>
        <a class="button" href="/login">
          Go to sign in
        </a>
      </p>
    </div>
  </section>
)
