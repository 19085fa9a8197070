// <live-region id="trail" src="/threads/7" every="1">…</live-region>: while anything inside says data-pending, fetches `src` (this page
// if absent) every so many seconds and morphs the element with the same id, or the first element of a fragment, into place.
import { morphChildren } from "../vendor/turbo.js"

const LONGEST = 30

class LiveRegion extends HTMLElement {
  connectedCallback() {
    this.wait = this.every
    this.plan()
  }

  disconnectedCallback() {
    clearTimeout(this.timer)
  }

  get every() { return Number(this.getAttribute("every")) || 2 }
  get pending() { return this.matches("[data-pending]") || this.querySelector("[data-pending]") !== null }

  plan() {
    clearTimeout(this.timer)
    if (this.isConnected && this.pending) this.timer = setTimeout(() => this.look(), this.wait * 1000)
  }

  async look() {
    if (!document.hidden && !this.querySelector("form :focus")) {
      const arrived = await this.fetched()
      this.wait = arrived ? this.every : Math.min(this.wait * 2, LONGEST)
      if (arrived) this.show(arrived)
    }
    this.plan()
  }

  async fetched() {
    try {
      const response = await fetch(this.getAttribute("src") || location.href, { headers: { Accept: "text/html" } })
      if (!response.ok) return null
      const page = new DOMParser().parseFromString(await response.text(), "text/html")
      return (this.id && page.getElementById(this.id)) || page.body.querySelector("live-region") || page.body
    } catch {
      return null
    }
  }

  show(arrived) {
    this.toggleAttribute("data-pending", arrived.hasAttribute("data-pending"))
    morphChildren(this, arrived)
  }
}

customElements.define("live-region", LiveRegion)
