// <once-form><form>…</form></once-form>: a second press does not send twice, and what was typed survives a lost page. Drafts live
// in sessionStorage, by path and field, until the post succeeded, and never leave the tab.

const DRAFTED = "textarea[name], input[type=text][name]"

class OnceForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form")
    if (!this.form) return
    this.restore()
    for (const type of ["input", "submit", "turbo:submit-end"]) this.form.addEventListener(type, this)
    addEventListener("pageshow", this)
  }

  disconnectedCallback() {
    for (const type of ["input", "submit", "turbo:submit-end"]) this.form?.removeEventListener(type, this)
    removeEventListener("pageshow", this)
  }

  handleEvent(event) {
    if (event.type === "input") this.keep(event.target)
    else if (event.type === "submit") this.sent(event)
    else this.answered(event)
  }

  sent(event) {
    if (this.busy) return event.preventDefault()
    this.busy = true
    // After the event, so that the button's own name and value are still sent.
    setTimeout(() => this.buttons((button) => button.setAttribute("aria-disabled", "true")))
    if (this.form.dataset.turbo === "false") this.forget()
  }

  answered(event) {
    this.busy = false
    this.buttons((button) => button.removeAttribute("aria-disabled"))
    if (event.detail?.success) this.forget()
  }

  keep(field) {
    if (!field.matches(DRAFTED)) return
    try {
      if (field.value) sessionStorage.setItem(this.key(field), field.value)
      else sessionStorage.removeItem(this.key(field))
    } catch { /* A full or closed storage only costs the draft. */ }
  }

  // What the server sent back after an error is newer than the draft, so only an untouched empty field is filled.
  restore() {
    this.fields((field) => {
      const draft = read(this.key(field))
      if (draft && !field.value && !field.defaultValue) field.value = draft
    })
  }

  forget() {
    this.fields((field) => { try { sessionStorage.removeItem(this.key(field)) } catch { /* As above. */ } })
  }

  key(field) {
    return `draft:${location.pathname}:${this.form.getAttribute("action") ?? ""}:${field.name}`
  }

  fields(act) { this.form.querySelectorAll(DRAFTED).forEach(act) }
  buttons(act) { this.form.querySelectorAll("button:not([type=button])").forEach(act) }
}

function read(key) {
  try { return sessionStorage.getItem(key) } catch { return null }
}

customElements.define("once-form", OnceForm)
