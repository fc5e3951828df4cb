/** The way to the first event, where no source is registered. */
export function FirstVisit({ collectors }: { readonly collectors: number }) {
  return (
    <section class="card first" aria-labelledby="first">
      <h2 id="first">Three steps to the first event</h2>
      <ol class="first-steps">
        <li>
          <h3>Issue a token</h3>
          <p>
            In 1Password, open Integrations, choose Events Reporting, and issue a bearer token for the events
            that you want: sign-in attempts, item usage, audit events.
          </p>
        </li>
        <li class={collectors > 0 ? 'is-done' : ''}>
          <h3>Create a collector</h3>
          <p>
            It groups sources, and has the category that they inherit. <a href="#/add">The form</a> makes one
            with the first source.
          </p>
        </li>
        <li>
          <h3>Register the source</h3>
          <p>
            <a href="#/add">Add the source</a> with the token. Collection starts at once, and its first events
            are here within minutes.
          </p>
        </li>
      </ol>
      <p class="quiet">
        <a href="/openapi.json">The API document</a> describes every call.
      </p>
    </section>
  )
}
