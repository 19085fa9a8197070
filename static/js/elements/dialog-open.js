// <dialog-open><details><summary>…</summary><dialog open>…</dialog></details></dialog-open>: what unfolds without this script
// becomes a modal dialog with it, so that a destructive act is asked about in one way everywhere.

class DialogOpen extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details")
    this.dialog = this.querySelector("dialog")
    this.dialog?.removeAttribute("open")
    this.details?.addEventListener("toggle", this)
    this.dialog?.addEventListener("close", this)
    this.dialog?.addEventListener("click", this)
  }

  disconnectedCallback() {
    this.details?.removeEventListener("toggle", this)
    this.dialog?.removeEventListener("close", this)
    this.dialog?.removeEventListener("click", this)
  }

  handleEvent(event) {
    if (event.type === "toggle" && this.details.open && !this.dialog.open) this.dialog.showModal()
    if (event.type === "close") this.details.open = false
    if (event.type === "click" && event.target === this.dialog) this.dialog.close()
  }
}

customElements.define("dialog-open", DialogOpen)
